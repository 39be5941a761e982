import CSpglib
import Crystallography
import Foundation
import NumericalMethods

/// What spglib says of a cell, copied out of its memory.
struct SpglibDataset: Sendable {
    let hallNumber: Int
    let number: Int
    /// x_std = transformation · x + originShift.
    let transformation: Matrix3
    let originShift: SIMD3<Double>
    /// 0 for `a`, one per atom.
    let wyckoffs: [Int]
    /// Oriented site-symmetry symbols in the standardised setting.
    let siteSymmetrySymbols: [String]
    /// Index of the first symmetry-equivalent atom. spglib's `equivalent_atoms` knows the input cell's
    /// operations only, which a supercell breaks; this one does not.
    let orbits: [Int]
}

extension SpglibDataset {
    /// What was said of a small cell, for the atoms of a larger one.
    ///
    /// - Parameters:
    ///   - classes: the small cell's atom that each atom is a copy of.
    ///   - change: x_small = change · x.
    func spread(over classes: [Int], _ change: Matrix3) -> SpglibDataset {
        var first: [Int: Int] = [:]
        for (atom, copy) in classes.enumerated() where first[copy] == nil { first[copy] = atom }
        return SpglibDataset(
            hallNumber: hallNumber, number: number, transformation: transformation * change,
            originShift: originShift, wyckoffs: wyckoffs.isEmpty ? [] : classes.map { wyckoffs[$0] },
            siteSymmetrySymbols: siteSymmetrySymbols.isEmpty ? [] : classes.map { siteSymmetrySymbols[$0] },
            orbits: orbits.isEmpty ? [] : classes.map { first[orbits[$0]] ?? 0 })
    }
}

/// The only place that calls spglib.
///
/// spglib's error code is a global that threads race for; it is never read here, so calls may run in parallel.
/// What can be wrong with the input is told before the call, by `SymmetryFinder`.
enum SpglibEdge {
    /// Newer versions (2.6) print warnings on stderr unless told not to.
    private static let silenced: Void = { setenv("SPGLIB_WARNING", "OFF", 1) }()

    /// - Parameters:
    ///   - lattice: a reduced basis; spglib 2.0.2 hangs or fails on sheared ones.
    ///   - types: one number per kind of site.
    ///   - tolerance: Å.
    ///   - hallNumber: the setting asked for; nil for the first one of whatever group is found.
    /// - Returns: nil where spglib finds no group.
    static func dataset(
        lattice: Lattice, positions: [SIMD3<Double>], types: [Int32], tolerance: Double,
        hallNumber: Int? = nil
    ) -> SpglibDataset? {
        _ = silenced
        // spglib wants the lattice vectors as columns.
        var columns: [Double] = []
        for axis in 0..<3 { for vector in 0..<3 { columns.append(lattice.vectors[vector, axis]) } }
        var coordinates: [Double] = []
        coordinates.reserveCapacity(3 * positions.count)
        for x in positions { coordinates += [x.x, x.y, x.z] }
        var kinds = types
        let result = columns.withUnsafeMutableBytes { cell in
            coordinates.withUnsafeMutableBytes { points in
                spg_get_dataset_with_hall_number(
                    cell.assumingMemoryBound(to: Row.self).baseAddress,
                    points.assumingMemoryBound(to: Row.self).baseAddress, &kinds, Int32(positions.count),
                    Int32(hallNumber ?? 0), tolerance)
            }
        }
        guard let result else { return nil }
        defer { spg_free_dataset(result) }
        let dataset = result.pointee
        guard dataset.spacegroup_number > 0, Int(dataset.n_atoms) == positions.count else { return nil }
        return SpglibDataset(dataset)
    }

    fileprivate typealias Row = (Double, Double, Double)
}

extension SpglibDataset {
    fileprivate init(_ dataset: CSpglib.SpglibDataset) {
        hallNumber = Int(dataset.hall_number)
        number = Int(dataset.spacegroup_number)
        let m = dataset.transformation_matrix
        transformation = Matrix3(
            rows: SIMD3(m.0.0, m.0.1, m.0.2), SIMD3(m.1.0, m.1.1, m.1.2), SIMD3(m.2.0, m.2.1, m.2.2))
        originShift = SIMD3(dataset.origin_shift.0, dataset.origin_shift.1, dataset.origin_shift.2)
        let atoms = 0..<Int(dataset.n_atoms)
        wyckoffs = dataset.wyckoffs.map { pointer in atoms.map { Int(pointer[$0]) } } ?? []
        orbits = dataset.crystallographic_orbits.map { pointer in atoms.map { Int(pointer[$0]) } } ?? []
        siteSymmetrySymbols =
            dataset.site_symmetry_symbols.map { pointer in
                atoms.map { atom in
                    withUnsafeBytes(of: pointer[atom]) {
                        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                    }
                }
            } ?? []
    }
}
