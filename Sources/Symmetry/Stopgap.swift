// Replaced by SpaceGroup.swift and SiteSymmetry.swift as soon as the space-group table stands.
import CSpglib
import Crystallography
import NumericalMethods

public enum CrystalFamily: String, Sendable { case triclinic, monoclinic, orthorhombic, tetragonal, hexagonal, cubic }
public struct SpaceGroup: Sendable, Hashable {
    public let hallNumber: Int
    public let number: Int
    public let symbol: String
    public let choice: String
    public let operations: [SymmetryOperation]
    public init?(hallNumber: Int) {
        guard (1...530).contains(hallNumber) else { return nil }
        var rotations = [Int32](repeating: 0, count: 192 * 9)
        var translations = [Double](repeating: 0, count: 192 * 3)
        let n = rotations.withUnsafeMutableBytes { r in
            translations.withUnsafeMutableBytes { t in
                spg_get_symmetry_from_database(
                    r.baseAddress!.assumingMemoryBound(to: ((Int32, Int32, Int32), (Int32, Int32, Int32), (Int32, Int32, Int32)).self),
                    t.baseAddress!.assumingMemoryBound(to: (Double, Double, Double).self), Int32(hallNumber))
            }
        }
        operations = (0..<Int(n)).map { i in
            let r = (0..<9).map { Int(rotations[i * 9 + $0]) }
            return SymmetryOperation(
                rotation: IntegerMatrix3(rows: SIMD3(r[0], r[1], r[2]), SIMD3(r[3], r[4], r[5]), SIMD3(r[6], r[7], r[8])),
                translation: SIMD3(
                    Int((translations[i * 3] * 24).rounded()), Int((translations[i * 3 + 1] * 24).rounded()),
                    Int((translations[i * 3 + 2] * 24).rounded()))
            ).wrapped
        }
        let type = spg_get_spacegroup_type(Int32(hallNumber))
        number = Int(type.number)
        symbol = withUnsafeBytes(of: type.international_short) { String(cString: $0.bindMemory(to: CChar.self).baseAddress!) }
        choice = withUnsafeBytes(of: type.choice) { String(cString: $0.bindMemory(to: CChar.self).baseAddress!) }
        self.hallNumber = hallNumber
    }
    public var crystalFamily: CrystalFamily {
        switch number {
        case 1...2: .triclinic
        case 3...15: .monoclinic
        case 16...74: .orthorhombic
        case 75...142: .tetragonal
        case 143...194: .hexagonal
        default: .cubic
        }
    }
    public var hasRhombohedralAxes: Bool { choice == "R" }
    public var uniqueAxis: Int? { 1 }
    public var polarDirections: [SIMD3<Int>] { [] }
    public var isCentrosymmetric: Bool { operations.contains { $0.rotation == -.identity } }
    public func letter(of: SiteSymmetry) -> String { "" }
}
public struct SiteSymmetry: Sendable, Hashable {
    public var directions: [SIMD3<Int>] = []
    public var offset: SIMD3<Double>
    var stabilizer: [SymmetryOperation] = []
    public var formula: String { "\(directions)" }
    public var coordinateNames: [String] {
        directions.enumerated().map { i, d in
            for (k, n) in ["x", "y", "z"].enumerated() where d[k] == 1 { return n }
            return ["u", "v", "w"][i]
        }
    }
    public init(of point: SIMD3<Double>, in operations: [SymmetryOperation], lattice: Lattice, tolerance: Double) {
        var rows: [[Int]] = []
        var mean = SIMD3<Double>.zero
        for op in operations {
            let image = op.apply(to: point)
            let shift = (point - image).rounded(.toNearestOrEven)
            if lattice.length(point - image - shift) < tolerance {
                var o = op
                o.translation &+= SIMD3<Int>(shift) &* 24
                stabilizer.append(o)
                mean += o.apply(to: point)
                for r in 0..<3 {
                    var v = [o.rotation[r, 0], o.rotation[r, 1], o.rotation[r, 2]]
                    v[r] -= 1
                    rows.append(v)
                }
            }
        }
        mean /= Double(stabilizer.count)
        // null space by rational elimination
        var pivots: [Int] = []
        var m = rows
        var rank = 0
        for c in [2, 1, 0] {
            guard let p = (rank..<m.count).first(where: { m[$0][c] != 0 }) else { continue }
            m.swapAt(rank, p)
            for o in m.indices where o != rank && m[o][c] != 0 {
                let (a, b) = (m[rank][c], m[o][c])
                m[o] = (0..<3).map { m[o][$0] * a - m[rank][$0] * b }
            }
            pivots.append(c)
            rank += 1
        }
        func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? abs(a) : gcd(b, a % b) }
        for f in 0..<3 where !pivots.contains(f) {
            var scale = 1
            for r in 0..<rank { scale = scale * abs(m[r][pivots[r]]) / gcd(scale, m[r][pivots[r]]) }
            var v = SIMD3<Int>.zero
            v[f] = scale
            for r in 0..<rank { v[pivots[r]] = -m[r][f] * scale / m[r][pivots[r]] }
            let g = gcd(gcd(v.x, v.y), v.z)
            directions.append(SIMD3(v.x / g, v.y / g, v.z / g))
        }
        offset = mean
        let u = parameters0(mean)
        for (k, d) in directions.enumerated() { offset -= u[k] * SIMD3<Double>(d) }
    }
    func parameters0(_ x: SIMD3<Double>) -> [Double] {
        directions.indices.map { k in
            for c in 0..<3 where directions[k][c] != 0 && directions.indices.allSatisfy({ $0 == k || directions[$0][c] == 0 }) {
                return x[c] / Double(directions[k][c])
            }
            return 0
        }
    }
    public func idealized(_ x: SIMD3<Double>) -> SIMD3<Double> {
        var m = SIMD3<Double>.zero
        for o in stabilizer { m += o.apply(to: x) }
        return m / Double(stabilizer.count)
    }
    public func parameters(of x: SIMD3<Double>) -> [Double] { parameters0(x - offset) }
    public func position(_ u: [Double]) -> SIMD3<Double> {
        var x = offset
        for (k, d) in directions.enumerated() { x += u[k] * SIMD3<Double>(d) }
        return x
    }
}
extension SymmetryOperation { public var xyz: String { "" } }
