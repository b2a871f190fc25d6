/**
 * From tables to numbers.
 *
 * <p>A {@link io.latentlake.data.TableReader} opens what an input specification names: a bundled
 * set, an IDX file, or a table that Spark reads, as a {@link io.latentlake.data.Reading} says; of
 * CSV and JSON, {@link io.latentlake.data.MalformedRecords} come along as rows that can't be used.
 * A {@link io.latentlake.data.FeaturePlan} says which columns make a row's features, as they are or
 * as a {@link io.latentlake.data.TablePlanner} has learned from the table, one {@link
 * io.latentlake.data.ColumnPlan} a column; and a {@link io.latentlake.data.RowEncoder} turns rows
 * into {@code float[]}, or says why a row can't be used; a {@link io.latentlake.data.BadRowBudget}
 * says how many of those there may be. A {@link io.latentlake.data.StagedFolder} is how anything is
 * written, so that a folder that is there is complete; only a {@link
 * io.latentlake.data.LakeOutput}, a Delta or Iceberg table, has commits of its own.
 */
package io.latentlake.data;
