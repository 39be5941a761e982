/// Three-vectors are `SIMD3<Double>`; here stands the vector algebra that SIMD types lack.
extension SIMD3 where Scalar == Double {
    @inlinable package func dot(_ other: SIMD3<Double>) -> Double {
        x * other.x + y * other.y + z * other.z
    }

    @inlinable package func cross(_ other: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(
            y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    /// The Euclidean norm.
    @inlinable package var length: Double { dot(self).squareRoot() }

    /// Every component moved by an integer into [0, 1): a point of the torus of fractional coordinates.
    @inlinable package var wrapped: SIMD3<Double> {
        let w = self - rounded(.down)
        return w.replacing(with: 0, where: w .>= 1)
    }

    /// Every component moved by an integer into [−½, ½]: the shortest difference along each axis.
    @inlinable package var nearestImage: SIMD3<Double> { self - rounded(.toNearestOrEven) }
}
