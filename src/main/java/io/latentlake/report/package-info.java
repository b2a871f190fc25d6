/**
 * Pictures: grids of images that a model reconstructs or makes, the loss over the epochs, and the
 * distribution of the scores; all as PNG through Hadoop's file systems.
 */
package io.latentlake.report;
