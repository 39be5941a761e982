extension ReducedStructure {
    /// A free coordinate, by its orbit and its place among the orbit's.
    public struct CoordinateIndex: Sendable, Hashable {
        /// The index into `orbits`.
        public let orbit: Int
        /// The index among the orbit's free coordinates.
        public let coordinate: Int
    }
}
