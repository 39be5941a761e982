/// What `wyckoff distort` wrote.
package struct DistortionSummary: Encodable, Sendable {
    package let file: String
    package let output: String
    package let seed: UInt64
    /// σ of the lattice and of every fractional coordinate.
    package let lattice: Double
    package let coordinates: Double
    package let atoms: Int

    package init(
        file: String, output: String, seed: UInt64, lattice: Double, coordinates: Double, atoms: Int
    ) {
        (self.file, self.output, self.seed) = (file, output, seed)
        (self.lattice, self.coordinates, self.atoms) = (lattice, coordinates, atoms)
    }
}
