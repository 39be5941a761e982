import Crystallography
import Foundation
import NumericalMethods

/// One row of the atom-site loop.
struct CIFSite {
    var site: Site
    /// What the file states for it.
    var multiplicity: Int?
    /// x, y, z as written.
    var position: [MeasuredValue]
    /// Of the first occupant.
    var occupancyUncertainty: Double?
    var displacementUncertainties: [Double]
}

/// The loop of atom sites and that of anisotropic displacement parameters.
struct CIFSiteReader {
    let block: CIFBlock
    let lattice: Lattice

    /// The sites, each with what the file states for it.
    func sites(_ warnings: inout [ReadingWarning]) throws(CrystalFileError) -> [CIFSite] {
        guard let x = block.column("_atom_site_fract_x"), let y = block.column("_atom_site_fract_y"),
            let z = block.column("_atom_site_fract_z"), y.loop == x.loop, z.loop == x.loop
        else {
            throw block.error(
                "no atom sites", at: block.column("_atom_site_fract_x"),
                remedy: "give a loop with _atom_site_fract_x, y and z")
        }
        let columns = SiteColumns(block: block, loop: x.loop)
        var occupantReader = CIFOccupantReader(block: block)
        var displacements = try CIFDisplacementReader(block: block, loop: x.loop, lattice: lattice)
        var sites: [CIFSite] = []
        for row in x.values.indices {
            let label = columns.label?[row] ?? columns.symbol?[row] ?? ""
            let isDummy = columns.calculationFlag?[row]?.lowercased() == "dum"
            guard let xText = x.values[row], let yText = y.values[row], let zText = z.values[row] else {
                warnings.append(.noCoordinates(label: label))
                continue
            }
            let position = [
                try coordinate(xText, of: label, in: x), try coordinate(yText, of: label, in: y),
                try coordinate(zText, of: label, in: z),
            ]
            guard !isDummy,
                var occupants = try occupantReader.occupants(
                    typeSymbol: columns.symbol?[row], label: label, at: columns.symbolColumn ?? x)
            else {
                warnings.append(.dummy(label: label))
                continue
            }
            let occupancy = try occupantReader.occupancy(columns.occupancy?[row], of: label, at: x)
            guard occupancy.value > 0 else {
                warnings.append(.unoccupied(label: label))
                continue
            }
            for k in occupants.indices { occupants[k].occupancy *= occupancy.value }
            let displacement = try displacements.value(row: row, label: label)
            let site = Site(
                label: label, occupants: occupants,
                position: SIMD3(position[0].value, position[1].value, position[2].value),
                displacement: displacement?.displacement)
            sites.append(
                CIFSite(
                    site: site, multiplicity: columns.multiplicity?[row].flatMap { Int($0) },
                    position: position,
                    occupancyUncertainty: occupants.count == 1 ? occupancy.uncertainty : nil,
                    displacementUncertainties: displacement?.uncertainties ?? []))
        }
        warnings += columns.hydrogenWithoutSites
        if let far = sites.first(where: { PlausibleCell.isFar($0.site.position) }) {
            warnings.append(
                .farCoordinates(label: far.site.label, value: PlausibleCell.farthest(far.site.position)))
        }
        warnings += occupantReader.warnings + displacements.warnings + displacements.leftOver
        guard !sites.isEmpty else { throw nothing(warnings, at: x) }
        return sites
    }

    private func nothing(_ warnings: [ReadingWarning], at column: CIFColumn) -> CrystalFileError {
        if warnings.contains(where: { if case .unoccupied = $0 { true } else { false } }) {
            return block.error(
                "every site has occupancy 0", at: block.column("_atom_site_occupancy"),
                remedy: "give at least one occupied site")
        }
        if warnings.contains(where: { if case .dummy = $0 { true } else { false } }) {
            return block.error(
                "every site is a dummy atom or a vacancy", at: column, remedy: "give at least one atom")
        }
        return block.error("no atom sites with coordinates", at: column, remedy: "give the coordinates")
    }

    private func coordinate(
        _ text: String, of label: String, in column: CIFColumn
    ) throws(CrystalFileError) -> MeasuredValue {
        guard let (value, uncertainty) = TextNumber.measured(text), Limits.coordinates.contains(value) else {
            throw block.error(
                "\"\(text)\" of \(label) is not a coordinate", at: column, remedy: "give a number")
        }
        return MeasuredValue(value, uncertainty: uncertainty)
    }
}

/// The optional columns of the atom-site loop.
private struct SiteColumns {
    let label: [String?]?
    let symbolColumn: CIFColumn?
    let occupancy: [String?]?
    let calculationFlag: [String?]?
    let multiplicity: [String?]?
    private let attachedHydrogens: [String?]?

    /// Hydrogen atoms that the file counts beside a site and gives none of their own.
    var hydrogenWithoutSites: [ReadingWarning] {
        guard let attachedHydrogens else { return [] }
        let sites = attachedHydrogens.enumerated().compactMap { row, text -> String? in
            guard let text, let count = TextNumber.measured(text)?.value, count > 0 else { return nil }
            return "\((label?[row] ?? symbol?[row]) ?? "site \(row + 1)") (\(StatedContent.text(count)))"
        }
        return sites.isEmpty ? [] : [.hydrogenWithoutSites(sites)]
    }

    var symbol: [String?]? { symbolColumn?.values }

    init(block: CIFBlock, loop: Int) {
        func column(_ tags: String...) -> CIFColumn? {
            tags.lazy.compactMap { block.column($0) }.first { $0.loop == loop }
        }
        label = column("_atom_site_label", "_atom_site_id")?.values
        symbolColumn = column("_atom_site_type_symbol")
        occupancy = column("_atom_site_occupancy")?.values
        calculationFlag = column("_atom_site_calc_flag")?.values
        attachedHydrogens = column("_atom_site_attached_hydrogens")?.values
        multiplicity =
            column("_atom_site_symmetry_multiplicity", "_atom_site_site_symmetry_multiplicity")?.values
    }
}
