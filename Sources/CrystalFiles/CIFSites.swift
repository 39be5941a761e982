import Crystallography
import Foundation
import NumericalMethods

/// The loop of atom sites and that of anisotropic displacement parameters.
struct CIFSiteReader {
    let block: CIFBlock
    let lattice: Lattice

    private static let leftOut = " has occupancy 0 and is left out"

    /// The sites, each with the multiplicity that the file states for it.
    func sites(
        _ warnings: inout [String]
    ) throws(CrystalFileError) -> [(site: Site, multiplicity: Int?)] {
        guard let x = block.column("_atom_site_fract_x"), let y = block.column("_atom_site_fract_y"),
            let z = block.column("_atom_site_fract_z"), y.loop == x.loop, z.loop == x.loop
        else {
            throw block.error(
                "no atom sites", at: block.column("_atom_site_fract_x"),
                remedy: "give a loop with _atom_site_fract_x, y and z")
        }
        let columns = SiteColumns(block: block, loop: x.loop)
        let anisotropic = try anisotropicDisplacements()
        var sites: [(site: Site, multiplicity: Int?)] = []
        for row in x.values.indices {
            let label = columns.label?[row] ?? columns.symbol?[row] ?? ""
            guard let xText = x.values[row], let yText = y.values[row], let zText = z.values[row] else {
                warnings.append("\(label) has no coordinates and is left out")
                continue
            }
            let position = SIMD3(
                try coordinate(xText, of: label, in: x), try coordinate(yText, of: label, in: y),
                try coordinate(zText, of: label, in: z))
            guard let species = try species(row: row, label: label, columns: columns, at: x) else {
                warnings.append("\(label) is a dummy atom and is left out")
                continue
            }
            let occupancy = try occupancy(row: row, label: label, columns: columns, at: x)
            guard occupancy > 0 else {
                warnings.append(label + Self.leftOut)
                continue
            }
            let isotropic = try columns.isotropicB(row: row, block: block)
            let site = Site(
                label: label, occupants: [Occupant(species, occupancy: occupancy)], position: position,
                displacement: anisotropic[label] ?? isotropic.map { .isotropic(b: $0) })
            sites.append((site, columns.multiplicity?[row].flatMap { Int($0) }))
        }
        guard !sites.isEmpty else {
            if warnings.contains(where: { $0.hasSuffix(Self.leftOut) }) {
                throw block.error(
                    "every site has occupancy 0", at: block.column("_atom_site_occupancy"),
                    remedy: "give at least one occupied site")
            }
            throw block.error("no atom sites with coordinates", at: x, remedy: "give the coordinates")
        }
        return sites
    }

    private func coordinate(
        _ text: String, of label: String, in column: CIFColumn
    ) throws(CrystalFileError) -> Double {
        guard let value = TextNumber.measured(text)?.value, abs(value) < 1e4 else {
            throw block.error(
                "\"\(text)\" of \(label) is not a coordinate", at: column, remedy: "give a number")
        }
        return value
    }

    /// nil for a dummy or a vacancy.
    private func species(
        row: Int, label: String, columns: SiteColumns, at column: CIFColumn
    ) throws(CrystalFileError) -> Species? {
        if columns.calculationFlag?[row]?.lowercased() == "dum" { return nil }
        let symbol = columns.symbol?[row] ?? label
        if ["x", "xx", "du", "vac", "va", "dum"].contains(symbol.lowercased()) { return nil }
        guard let species = Species(symbol: symbol) ?? Species(symbol: label) else {
            throw block.error(
                "\"\(symbol)\" of site \(label) is no element", at: columns.symbolColumn ?? column,
                remedy: "give _atom_site_type_symbol as an element symbol")
        }
        return species
    }

    private func occupancy(
        row: Int, label: String, columns: SiteColumns, at column: CIFColumn
    ) throws(CrystalFileError) -> Double {
        guard let text = columns.occupancy?[row] else { return 1 }
        guard let value = TextNumber.measured(text)?.value, value >= 0, value < 1.05 else {
            throw block.error(
                "occupancy \"\(text)\" of \(label) is not between 0 and 1", at: column,
                remedy: "correct _atom_site_occupancy")
        }
        return min(value, 1)
    }

    /// U in Å² by label; B and U forms, 8π² apart.
    private func anisotropicDisplacements() throws(CrystalFileError) -> [String: Displacement] {
        guard let labels = block.column("_atom_site_aniso_label") else { return [:] }
        for (letter, factor) in [("U", 1.0), ("B", 1 / (8 * Double.pi * Double.pi))] {
            let columns = ["11", "22", "33", "12", "13", "23"].map {
                block.column("_atom_site_aniso_\(letter)_\($0)")
            }
            guard columns.allSatisfy({ $0?.loop == labels.loop }) else { continue }
            var result: [String: Displacement] = [:]
            for row in labels.values.indices {
                guard let label = labels.values[row] else { continue }
                var u: [Double] = []
                for column in columns {
                    guard let text = column?.values[row] else { break }
                    guard let value = TextNumber.measured(text)?.value else {
                        throw block.error(
                            "\"\(text)\" of \(label) is not a number", at: column, remedy: "give a number")
                    }
                    u.append(value * factor)
                }
                guard u.count == 6 else { continue }
                result[label] = .anisotropic(
                    u: Matrix3(
                        rows: SIMD3(u[0], u[3], u[4]), SIMD3(u[3], u[1], u[5]), SIMD3(u[4], u[5], u[2])))
            }
            return result
        }
        return [:]
    }
}

/// The optional columns of the atom-site loop.
private struct SiteColumns {
    let label: [String?]?
    let symbolColumn: CIFColumn?
    let occupancy: [String?]?
    let calculationFlag: [String?]?
    let multiplicity: [String?]?
    private let isotropic: [(column: CIFColumn, factor: Double)]

    var symbol: [String?]? { symbolColumn?.values }

    init(block: CIFBlock, loop: Int) {
        func column(_ tags: String...) -> CIFColumn? {
            tags.lazy.compactMap { block.column($0) }.first { $0.loop == loop }
        }
        label = column("_atom_site_label", "_atom_site_id")?.values
        symbolColumn = column("_atom_site_type_symbol")
        occupancy = column("_atom_site_occupancy")?.values
        calculationFlag = column("_atom_site_calc_flag")?.values
        multiplicity =
            column("_atom_site_symmetry_multiplicity", "_atom_site_site_symmetry_multiplicity")?.values
        let u = column("_atom_site_U_iso_or_equiv", "_atom_site_U_equiv_geom_mean")
        let b = column("_atom_site_B_iso_or_equiv", "_atom_site_B_equiv_geom_mean")
        isotropic =
            (b.map { [($0, 1)] } ?? []) + (u.map { [($0, 8 * Double.pi * Double.pi)] } ?? [])
    }

    /// B in Å².
    func isotropicB(row: Int, block: CIFBlock) throws(CrystalFileError) -> Double? {
        for (column, factor) in isotropic {
            guard let text = column.values[row] else { continue }
            guard let value = TextNumber.measured(text)?.value else {
                throw block.error("\"\(text)\" is not a number", at: column, remedy: "give a number")
            }
            return value * factor
        }
        return nil
    }
}
