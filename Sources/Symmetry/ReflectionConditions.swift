import NumericalMethods

/// Which reflections a space group extinguishes, whatever the atoms (ITA Vol. A, 2.1.3.13).
///
/// An operation (R, t) with h R = h multiplies F_h by exp 2πi h·t; unless that is 1, F_h = 0.
public struct ReflectionConditions: Sendable {
    /// For each rotation of the group, one translation, and the centring vectors.
    private let operations: [SymmetryOperation]
    private let centringVectors: [SIMD3<Int>]

    /// The general conditions of a group, derived from its operations.
    public init(_ spaceGroup: SpaceGroup) {
        self.init(operations: spaceGroup.operations)
    }

    /// Of all operations of a group, in any setting.
    public init(operations: [SymmetryOperation]) {
        centringVectors = operations.filter { $0.rotation == .identity && $0.translation != .zero }
            .map(\.translation)
        var seen: Set<IntegerMatrix3> = []
        self.operations = operations.filter { seen.insert($0.rotation).inserted }
    }

    /// The reflection h is systematically absent.
    public func isAbsent(_ h: SIMD3<Int>) -> Bool {
        func isWhole(_ translation: SIMD3<Int>) -> Bool {
            (h &* translation).wrappedSum() % SymmetryOperation.denominator == 0
        }
        if centringVectors.contains(where: { !isWhole($0) }) { return true }
        return operations.contains { h * $0.rotation == h && !isWhole($0.translation) }
    }
}
