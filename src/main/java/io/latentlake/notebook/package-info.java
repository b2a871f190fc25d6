/**
 * Notebooks: a Jupyter kernel for Java on LatentLake's own classpath. {@link
 * io.latentlake.notebook.JavaKernel} answers Jupyter (the protocol is JJava's library); a {@link
 * io.latentlake.notebook.CellShell} gives each cell to the JDK's JShell, statement by statement;
 * {@link io.latentlake.notebook.CellExecution} runs them in this JVM, beside Spark; {@link
 * io.latentlake.notebook.Renderings} says how a value is shown; {@link
 * io.latentlake.notebook.Notebook} is what cells can call beside everything else.
 *
 * <p>Spark runs in the kernel, in local mode. It is started by a cell, whose class loader knows
 * what cells have defined: so lambdas and classes of cells, where they are {@link
 * java.io.Serializable}, can be given to Spark as anybody's (Spark compiles no code for a bean that
 * a cell defines, says so at length, and goes on without). Executors on other machines have no such
 * class loader: with another master, cells can use columns, SQL and LatentLake's commands, but not
 * lambdas of their own.
 *
 * <p>Jupyter's library is not in the jar for clusters; {@code submit/latentlake notebook} adds it.
 */
package io.latentlake.notebook;
