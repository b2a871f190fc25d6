package io.latentlake.report;

import java.util.ArrayList;
import java.util.List;

/** A part of a page: a title, and under it text, pictures, tables, and what to do. */
final class Section {
  /** What can be done, and the command that does it. */
  record Advice(String purpose, String command) {}

  private final String id;
  private final String title;
  private final List<String> texts = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Grid> grids = new ArrayList<>();
  private final List<Advice> commands = new ArrayList<>();
  private boolean folded;

  /**
   * An empty one.
   *
   * @param id what links name it by
   */
  Section(String id, String title) {
    this.id = id;
    this.title = title;
  }

  Section say(String text) {
    texts.add(text);
    return this;
  }

  Section show(Figure figure) {
    figures.add(figure);
    return this;
  }

  Section show(Grid grid) {
    grids.add(grid);
    return this;
  }

  /** A command to run, and what it is for. */
  Section advise(String purpose, String command) {
    commands.add(new Advice(purpose, command));
    return this;
  }

  /** Closed until somebody wants to see it. */
  Section fold() {
    folded = true;
    return this;
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  List<String> texts() {
    return texts;
  }

  List<Figure> figures() {
    return figures;
  }

  List<Grid> grids() {
    return grids;
  }

  List<Advice> commands() {
    return commands;
  }

  boolean folded() {
    return folded;
  }
}
