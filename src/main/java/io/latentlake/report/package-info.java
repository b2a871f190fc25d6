/**
 * Pictures: grids of images that a model reconstructs or makes, the loss over the epochs, and the
 * distribution of the scores; all as PNG.
 */
package io.latentlake.report;
