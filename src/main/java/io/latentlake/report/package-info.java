/**
 * What people look at: pictures as PNG, and reports, which are one HTML file each.
 *
 * <p>{@link io.latentlake.report.ModelReport} and {@link io.latentlake.report.ScoresReport} say
 * what is known as a {@code Page} of {@code Section}s, with {@code Figure}s and {@code Grid}s; one
 * template shows them all and escapes what comes from tables and models. Drawings are SVG whose
 * colours are the page's, so that they follow it into the dark. Nothing in a page runs, and nothing
 * is fetched.
 */
package io.latentlake.report;
