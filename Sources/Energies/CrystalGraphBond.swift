extension CrystalGraph {
    /// An undirected bond, seen from its first atom.
    struct Bond: Sendable {
        var first: Int32
        var second: Int32
        /// r_first − r_second, Å, the second atom in the image that is meant.
        var vector: SIMD3<Double>
        var length: Double
    }
}
