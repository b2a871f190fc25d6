package io.latentlake.data;

/**
 * A column's value in one row, for a person to read.
 *
 * @param column its name
 * @param text a number unscaled, a level's name, a time in UTC; or that it is missing
 */
public record ColumnValue(String column, String text) {}
