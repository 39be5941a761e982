extension Checkpoint {
    /// A dense array, row-major.
    public struct Tensor: Sendable, Hashable {
        public let name: String
        public let shape: [Int]
        public let values: [Float]
    }
}
