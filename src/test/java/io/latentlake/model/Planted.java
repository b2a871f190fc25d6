package io.latentlake.model;

/** A class that files name and that no reader may load. */
final class Planted {
  static {
    HostileModelTest.plantedWasLoaded = true;
  }

  private Planted() {}
}
