import NumericalMethods

extension WyckoffPosition {
    /// The triplets as a table lists them: of those that differ by a centring vector, one.
    package func triplets(modulo centring: Centring) -> [String] {
        var kept: Set<SymmetryOperation> = []
        var result: [String] = []
        for image in images {
            let moved = SymmetryOperation(
                rotation: image.rotation * matrix,
                translation: image.rotation * translation &+ image.translation
            ).wrapped
            let isKnown = centring.vectors.contains { vector in
                kept.contains(
                    SymmetryOperation(rotation: moved.rotation, translation: moved.translation &+ vector)
                        .wrapped)
            }
            if isKnown { continue }
            kept.insert(moved)
            result.append(CoordinateTriplet.text(matrix: moved.rotation, translation: moved.translation))
        }
        return result
    }
}
