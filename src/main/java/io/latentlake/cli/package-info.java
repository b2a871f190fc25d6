/**
 * The command line: each command is a class that reads its options, calls the packages below and
 * prints what came of it. {@link io.latentlake.cli.Main} maps what goes wrong to exit codes.
 */
package io.latentlake.cli;
