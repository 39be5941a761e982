import NumericalMethods

/// A random move inside the symmetry: free coordinates and free lattice parameters only, so that the group and the
/// occupied Wyckoff positions stay.
package struct Shake: Sendable, Hashable {
    /// Å: every free coordinate moves its atoms by up to this along its direction.
    package var amplitude: Double
    /// Every free length changes by up to this share of itself, every free angle by up to this in radians.
    package var lattice: Double

    package init(amplitude: Double, lattice: Double = 0) {
        self.amplitude = amplitude
        self.lattice = lattice
    }

    /// The same seed gives the same move. Coordinates that only choose a polar origin do not move.
    package func applied(to structure: ReducedStructure, seed: UInt64) -> ReducedStructure {
        var random = RandomStream(seed: seed)
        var result = structure
        let latticeCount = structure.latticeParameters.names.count
        result.parameterVector = structure.parameters.enumerated().map { index, parameter in
            let deviate = random.uniform(-1, 1)
            guard index < latticeCount else {
                return parameter.value + amplitude * deviate * parameter.scale
            }
            let isAngle = parameter.kind == .angle
            let moved =
                isAngle
                ? parameter.value + lattice * deviate * 180 / .pi : parameter.value * (1 + lattice * deviate)
            return min(max(moved, parameter.bounds.lowerBound), parameter.bounds.upperBound)
        }
        return result
    }
}
