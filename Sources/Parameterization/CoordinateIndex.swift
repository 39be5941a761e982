extension ReducedStructure {
    public struct CoordinateIndex: Sendable, Hashable {
        public let orbit: Int
        public let coordinate: Int
    }
}
