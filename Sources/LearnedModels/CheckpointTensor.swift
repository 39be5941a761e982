extension Checkpoint {
    /// A dense array, row-major.
    package struct Tensor: Sendable, Hashable {
        package let name: String
        package let shape: [Int]
        package let values: [Float]
    }
}
