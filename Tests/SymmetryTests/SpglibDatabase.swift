import CSpglib
import Crystallography
import NumericalMethods
import Symmetry

/// spglib's own database, and its call on a cell as it stands, as an oracle.
enum SpglibDatabase {
    private typealias Row = (Double, Double, Double)

    /// ITA number of the group that spglib finds among all atoms.
    static func number(of structure: CrystalStructure, tolerance: Double) -> Int? {
        var columns: [Double] = []
        for axis in 0..<3 {
            for vector in 0..<3 { columns.append(structure.lattice.vectors[vector, axis]) }
        }
        var coordinates = structure.sites.flatMap { [$0.position.x, $0.position.y, $0.position.z] }
        var numbers: [String: Int32] = [:]
        var kinds = structure.sites.map { site -> Int32 in
            let name = site.occupants.map(\.species.description).joined()
            let number = numbers[name] ?? Int32(numbers.count + 1)
            numbers[name] = number
            return number
        }
        return columns.withUnsafeMutableBytes { cell in
            coordinates.withUnsafeMutableBytes { points in
                guard
                    let dataset = spg_get_dataset(
                        cell.assumingMemoryBound(to: Row.self).baseAddress,
                        points.assumingMemoryBound(to: Row.self).baseAddress, &kinds, Int32(kinds.count),
                        tolerance)
                else { return nil }
                defer { spg_free_dataset(dataset) }
                return Int(dataset.pointee.spacegroup_number)
            }
        }
    }

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
