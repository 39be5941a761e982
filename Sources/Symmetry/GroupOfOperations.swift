import NumericalMethods

extension SpaceGroup {
    /// The type of a group of operations in any basis and about any origin: one of its tabulated settings, that of
    /// these very operations where the table has it.
    ///
    /// nil where the operations are no space group modulo the cell's translations.
    package static func type(of operations: [SymmetryOperation]) -> SpaceGroup? {
        if let tabulated = matching(operations: operations) { return tabulated }
        let edge = SymmetryOperation.denominator
        let centring = operations.filter { $0.rotation == .identity }.map(\.translation)
        let translations = TranslationBasis(
            generatedBy: centring + [SIMD3(edge, 0, 0), SIMD3(0, edge, 0), SIMD3(0, 0, edge)])
        var known: Set<IntegerMatrix3> = []
        let representatives = operations.filter { known.insert($0.rotation).inserted }
        guard representatives.count <= 48, representatives.count * max(centring.count, 1) == operations.count,
            representatives.allSatisfy({ abs($0.rotation.determinant) == 1 })
        else { return nil }
        return SubgroupIdentification.identify(representatives, translations: translations)?.spaceGroup
    }
}

extension SymmetryGroup {
    /// Two groups have the same rotations, centring vectors, screw and glide parts in one basis: at most the origin
    /// tells them apart.
    static func agreesButForOrigin(_ a: [SymmetryOperation], _ b: [SymmetryOperation]) -> Bool {
        guard a.count == b.count else { return false }
        let edge = SymmetryOperation.denominator
        var byRotation: [IntegerMatrix3: [SIMD3<Int>]] = [:]
        for operation in b { byRotation[operation.rotation, default: []].append(operation.translation) }
        var cells: [SIMD3<Int>] = []
        for x in -1...1 { for y in -1...1 { for z in -1...1 { cells.append(SIMD3(x, y, z) &* edge) } } }
        return a.allSatisfy { operation in
            // Σ Rᵏ t over the order of R is that multiple of the screw or glide part, the same about every origin.
            let sum = Self.sumOfPowers(operation.rotation)
            return (byRotation[operation.rotation] ?? []).contains { translation in
                let difference = operation.translation &- translation
                return cells.contains { sum * (difference &- $0) == .zero }
            }
        }
    }

    private static func sumOfPowers(_ rotation: IntegerMatrix3) -> IntegerMatrix3 {
        var sum = IntegerMatrix3(rows: .zero, .zero, .zero)
        var power = IntegerMatrix3.identity
        for _ in 0..<6 {
            for row in 0..<3 { sum[row] = sum[row] &+ power[row] }
            power = power * rotation
            if power == .identity { break }
        }
        return sum
    }
}
