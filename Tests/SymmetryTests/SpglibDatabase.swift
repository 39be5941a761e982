import CSpglib
import NumericalMethods
import Symmetry

/// spglib's own database, as an oracle.
enum SpglibDatabase {
    static func operations(hallNumber: Int) -> Set<SymmetryOperation> {
        var rotations = [Int32](repeating: 0, count: 192 * 9)
        var translations = [Double](repeating: 0, count: 192 * 3)
        let count = rotations.withUnsafeMutableBytes { r in
            translations.withUnsafeMutableBytes { t in
                spg_get_symmetry_from_database(
                    r.baseAddress!.assumingMemoryBound(
                        to: ((Int32, Int32, Int32), (Int32, Int32, Int32), (Int32, Int32, Int32)).self),
                    t.baseAddress!.assumingMemoryBound(to: (Double, Double, Double).self), Int32(hallNumber))
            }
        }
        return Set(
            (0..<Int(count)).map { i in
                let r = (0..<9).map { Int(rotations[i * 9 + $0]) }
                let t = (0..<3).map { Int((translations[i * 3 + $0] * 24).rounded()) }
                return SymmetryOperation(
                    rotation: IntegerMatrix3(
                        rows: SIMD3(r[0], r[1], r[2]), SIMD3(r[3], r[4], r[5]), SIMD3(r[6], r[7], r[8])),
                    translation: SIMD3(t[0], t[1], t[2])
                ).wrapped
            })
    }
}
