/// A file's own numbers with their standard uncertainties, from which its structure was read.
package struct StatedValues: Sendable {
    /// a, b, c in Å and α, β, γ in degrees.
    package var cell: [MeasuredValue]
    /// One for each line of the atom-site loop; values that the reader moved or averaged have no uncertainty.
    package var sites: [SymmetricCIF.AtomSite]
}
