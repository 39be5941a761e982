import CSpglib
import Crystallography
import ExtinctionSymbols
import NumericalMethods
import Symmetry
import Testing

@Suite struct AbsencesTests {
    /// The lines that a symbol forbids are those that spglib's operations of every setting in it extinguish, whole orbits of
    /// the holohedry at a time: all 530 settings, up to indices of 6 (13 along hexagonal axes).
    @Test(arguments: ["triclinic", "monoclinic", "orthorhombic", "tetragonal", "hexagonal", "cubic"])
    func absentLinesAreThoseOfSpglibsOperations(_ family: String) throws {
        var seen = 0
        for axes in try Self.axes(family) {
            let table = ExtinctionSymbolTable(axes)
            for (number, symbol) in table.symbols.enumerated() {
                // Of two origins the symbol lists one; both are checked.
                let numbers = Set(symbol.spaceGroups.map { [String($0.number), $0.symbol] })
                let settings = (1...530).compactMap { SpaceGroup(hallNumber: $0) }.filter {
                    table.contains($0) && numbers.contains([String($0.number), $0.symbol])
                }
                for setting in settings {
                    seen += 1
                    let operations = Self.spglibOperations(setting.hallNumber)
                    for h in Self.indices(family) {
                        let orbit = table.orbit(of: h)
                        let isAbsent = orbit.members.allSatisfy { Self.isAbsent($0, operations) }
                        let share = table.presentShare(of: [orbit], under: number)
                        #expect((share == 0) == isAbsent, "\(symbol) \(setting) \(h)")
                    }
                }
            }
        }
        #expect(seen > 0)
    }

    /// One cell for each kind of axes that the 530 settings have.
    static func axes(_ family: String) throws -> [CellAxes] {
        func cell(_ a: Double, _ b: Double, _ c: Double, _ angles: [Double] = [90, 90, 90]) throws -> CellAxes
        {
            try CellAxes(Lattice(a: a, b: b, c: c, alpha: angles[0], beta: angles[1], gamma: angles[2]))
        }
        switch family {
        case "triclinic": return [try cell(5, 6, 7, [80, 95, 103])]
        case "monoclinic":
            return try [[98, 90, 90], [90, 98, 90], [90, 90, 98]].map { try cell(5, 6, 7, $0) }
        case "orthorhombic": return [try cell(5, 6, 7)]
        case "tetragonal": return [try cell(5, 5, 7)]
        case "hexagonal": return [try cell(5, 5, 7, [90, 90, 120]), try cell(5, 5, 5, [70, 70, 70])]
        default: return [try cell(5, 5, 5)]
        }
    }

    /// Planes, rows and a few general reflections.
    static func indices(_ family: String) -> [SIMD3<Int>] {
        var result: [SIMD3<Int>] = []
        for h in 0...6 {
            for k in -6...6 {
                for l in 0...6
                where h * k * l == 0 || abs(h) == abs(k) || h == l || (h + 2 * k + 3 * l) % 7 == 0 {
                    if SIMD3(h, k, l) != .zero { result.append(SIMD3(h, k, l)) }
                }
            }
        }
        return result + (7...13).map { SIMD3(0, 0, $0) }
    }

    private static func isAbsent(_ h: SIMD3<Int>, _ operations: [SymmetryOperation]) -> Bool {
        operations.contains { operation in
            h * operation.rotation == h && (h &* operation.translation).wrappedSum() % 24 != 0
        }
    }

    private static func spglibOperations(_ hallNumber: Int) -> [SymmetryOperation] {
        var rotations = [Int32](repeating: 0, count: 192 * 9)
        var translations = [Double](repeating: 0, count: 192 * 3)
        typealias Rotation = ((Int32, Int32, Int32), (Int32, Int32, Int32), (Int32, Int32, Int32))
        let count = rotations.withUnsafeMutableBytes { r in
            translations.withUnsafeMutableBytes { t in
                spg_get_symmetry_from_database(
                    r.assumingMemoryBound(to: Rotation.self).baseAddress,
                    t.assumingMemoryBound(to: (Double, Double, Double).self).baseAddress, Int32(hallNumber))
            }
        }
        return (0..<Int(count)).map { i in
            let r = (0..<9).map { Int(rotations[i * 9 + $0]) }
            let t = (0..<3).map { Int((translations[i * 3 + $0] * 24).rounded()) }
            return SymmetryOperation(
                rotation: IntegerMatrix3(
                    rows: SIMD3(r[0], r[1], r[2]), SIMD3(r[3], r[4], r[5]), SIMD3(r[6], r[7], r[8])),
                translation: SIMD3(t[0], t[1], t[2]))
        }
    }
}
