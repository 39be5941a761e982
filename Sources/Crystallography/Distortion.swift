import NumericalMethods

/// A random distortion of a structure, as paper A makes its starts (Segal et al. 2025).
///
/// Lattice: r̃ = S r in Cartesian space with s_ii ~ U(1−σ, 1+σ) and s_ij ~ U(−σ, σ); fractional coordinates are
/// kept. Coordinates: f ← f + N(0, σ²) for each fractional coordinate, wrapped into the cell.
package struct Distortion: Sendable, Hashable {
    /// σ of the lattice's distortion; 0 leaves it.
    package var lattice: Double
    /// σ of the coordinates, in fractions of the cell; 0 leaves them.
    package var coordinates: Double

    /// Shares of the lengths (0.05 is 5 %) and of the shortest length, each ≥ 0.
    package init(lattice: Double = 0, coordinates: Double = 0) {
        self.lattice = lattice
        self.coordinates = coordinates
    }

    /// The same seed gives the same structure, whatever other levels are set.
    package func applied(to structure: CrystalStructure, seed: UInt64) -> CrystalStructure {
        var result = structure
        if lattice > 0 {
            var random = RandomStream(seed: seed, index: 0)
            var s = Matrix3.identity
            for i in 0..<3 {
                for j in 0..<3 { s[i, j] += random.uniform(-lattice, lattice) }
            }
            result.lattice = Lattice(vectors: structure.lattice.vectors * s.transpose)
        }
        if coordinates > 0 {
            var random = RandomStream(seed: seed, index: 1)
            for index in result.sites.indices {
                let move = SIMD3(random.normal(), random.normal(), random.normal()) * coordinates
                result.sites[index].position = (result.sites[index].position + move).wrapped
            }
        }
        return result
    }
}
