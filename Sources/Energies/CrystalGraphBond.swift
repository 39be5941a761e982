extension CrystalGraph {
    /// An undirected bond, seen from its first atom.
    package struct Bond: Sendable {
        package var first: Int32
        package var second: Int32
        /// r_first − r_second, Å, the second atom in the image that is meant.
        package var vector: SIMD3<Double>
        package var length: Double
    }
}
