/// What is asked of a sample's texture: March and Dollase's, along one direction.
public struct OrientationQuestion: Sendable, Hashable {
    /// Miller indices on the axes of the result that are tried beside those of low indices; nil for none.
    public var plane: SIMD3<Int>?

    /// Directions of low indices, and a plane that may be theirs.
    public init(plane: SIMD3<Int>? = nil) { self.plane = plane }
}
