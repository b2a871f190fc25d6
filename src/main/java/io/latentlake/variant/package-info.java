/**
 * The models on offer. A {@link io.latentlake.variant.Variant} composes a network from the parts in
 * {@code nn}; {@link io.latentlake.variant.Variants} lists them by the names that configurations
 * use.
 */
package io.latentlake.variant;
