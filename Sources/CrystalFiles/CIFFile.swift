import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// Crystal structures in CIF, core dictionaries 2 and 3 (Hall, Allen & Brown 1991; IUCr).
public enum CIFFile {
    /// Every data block that holds a structure.
    ///
    /// - Throws: the syntax error, or, where no block holds a readable structure, what is wrong with the
    ///   first that tries. A faulty block beside good ones is a warning on the first record.
    public static func parse(_ text: String, name: String) throws(CrystalFileError) -> [CrystalRecord] {
        try parse(Array(text.utf8), name: name)
    }

    static func parse(_ bytes: [UInt8], name: String) throws(CrystalFileError) -> [CrystalRecord] {
        try records(of: CIFDocument(parsing: bytes, file: name), file: name)
    }

    static func records(of document: CIFDocument, file: String) throws(CrystalFileError) -> [CrystalRecord] {
        var records: [CrystalRecord] = []
        var faults: [CrystalFileError] = []
        for result in results(of: document) {
            switch result {
            case .success(let record): records.append(record)
            case .failure(let fault): faults.append(fault)
            }
        }
        if !records.isEmpty {
            records[0].warnings += faults.map { "data block left out: \($0)" }
            return records
        }
        if let fault = faults.first { throw fault }
        throw nothingFound(in: document, file: file)
    }

    /// Each data block that holds sites, read or refused; where none does, why.
    static func results(
        _ bytes: [UInt8], name: String
    ) throws(CrystalFileError) -> [Result<CrystalRecord, CrystalFileError>] {
        let document = try CIFDocument(parsing: bytes, file: name)
        let results = results(of: document)
        return results.isEmpty ? [.failure(nothingFound(in: document, file: name))] : results
    }

    private static func results(of document: CIFDocument) -> [Result<CrystalRecord, CrystalFileError>] {
        document.blocks.filter { $0.hasTag(beginning: "_atom_site_fract_") }.map { block in
            do throws(CrystalFileError) {
                var reader = CIFStructureReader(block: block)
                return .success(try reader.record())
            } catch {
                return .failure(error)
            }
        }
    }

    private static func nothingFound(in document: CIFDocument, file: String) -> CrystalFileError {
        if document.blocks.contains(where: { $0.hasTag(beginning: "_atom_site_Cartn_") }) {
            return CrystalFileError(
                file: file, field: "_atom_site_Cartn_x", problem: "sites in Cartesian coordinates only",
                remedy: "give _atom_site_fract_x, y and z")
        }
        if let block = document.blocks.first(where: { $0.hasTag(beginning: "_cell_length_") }) {
            return CrystalFileError(
                file: file, field: "data_\(block.name)", problem: "a cell but no atom sites",
                remedy: "give a loop with _atom_site_fract_x, y and z")
        }
        return CrystalFileError(
            file: file, problem: "no cell and no atom sites in any data block",
            remedy: "give a CIF that holds a crystal structure")
    }
}

/// One data block into one record.
struct CIFStructureReader {
    let block: CIFBlock
    private var warnings: [String] = []

    private var separate: [Site] = []

    init(block: CIFBlock) {
        self.block = block
    }

    mutating func record() throws(CrystalFileError) -> CrystalRecord {
        let lattice = try lattice()
        let declared = try CIFSymmetry(block: block, lattice: lattice)
        warnings += declared.warnings
        let sites = try CIFSiteReader(block: block, lattice: lattice).sites(&warnings)
        let (structure, siteOfAtom, asymmetric) = try expanded(
            sites, lattice: lattice, operations: declared.operations)
        if let duplicate = block.duplicateTags.first {
            warnings.append("\(duplicate) stands more than once; its first value is taken")
        }
        var record = CrystalRecord(
            name: block.name, structure: structure, declaredOperations: declared.operations,
            declaredSymbol: declared.symbol, declaredNumber: declared.number,
            asymmetricSites: asymmetric, siteOfAtom: siteOfAtom, warnings: warnings)
        record.separateSites = separate
        return record
    }

    private mutating func lattice() throws(CrystalFileError) -> Lattice {
        guard let a = try block.number("_cell_length_a"), let b = try block.number("_cell_length_b"),
            let c = try block.number("_cell_length_c")
        else {
            throw block.error(
                "no cell", remedy: "give _cell_length_a, b, c and _cell_angle_alpha, beta, gamma")
        }
        var angles: [Double] = []
        for name in ["alpha", "beta", "gamma"] {
            if let angle = try block.number("_cell_angle_\(name)") {
                angles.append(angle)
            } else {
                warnings.append("no _cell_angle_\(name); 90 is taken")
                angles.append(90)
            }
        }
        guard
            Lattice.isPossible(a: a, b: b, c: c, alpha: angles[0], beta: angles[1], gamma: angles[2]),
            max(a, b, c) < 1e5
        else {
            throw block.error(
                "the cell \(a) \(b) \(c) \(angles[0]) \(angles[1]) \(angles[2]) has no volume",
                at: block.column("_cell_length_a"), remedy: "correct the cell lengths and angles")
        }
        return Lattice(a: a, b: b, c: c, alpha: angles[0], beta: angles[1], gamma: angles[2])
    }

    private mutating func expanded(
        _ sites: [(site: Site, multiplicity: Int?)], lattice: Lattice, operations: [SymmetryOperation]
    ) throws(CrystalFileError) -> (CrystalStructure, [Int], [Site]) {
        let expansion = SymmetryExpansion(lattice: lattice, operations: operations)
        var asymmetric: [Site] = []
        var orbits: [[Site]] = []
        for (site, multiplicity) in sites {
            let orbit = expansion.orbit(of: site)
            if orbit.move > SymmetryExpansion.reportedMove {
                let distance = (orbit.move * 1000).rounded() / 1000
                warnings.append("\(site.label) lies \(distance) Å beside a special position and is put on it")
            }
            // Some programs write the order of the site symmetry there instead.
            if let multiplicity, multiplicity != orbit.sites.count,
                multiplicity * orbit.sites.count != operations.count
            {
                warnings.append(
                    "\(site.label) has \(orbit.sites.count) images in the cell, the file says \(multiplicity)"
                )
            }
            separate.append(orbit.sites[0])
            if let shared = try sharedOrbit(of: site, among: orbits, lattice: lattice) {
                for k in orbits[shared].indices { orbits[shared][k].occupants += site.occupants }
                asymmetric[shared].occupants += site.occupants
                continue
            }
            orbits.append(orbit.sites)
            asymmetric.append(site)
        }
        let atoms = orbits.flatMap { $0 }
        let siteOfAtom = orbits.enumerated().flatMap { index, orbit in orbit.map { _ in index } }
        return (CrystalStructure(title: block.name, lattice: lattice, sites: atoms), siteOfAtom, asymmetric)
    }

    /// The earlier orbit that has an atom where `site` is.
    private func sharedOrbit(
        of site: Site, among orbits: [[Site]], lattice: Lattice
    ) throws(CrystalFileError) -> Int? {
        for (index, orbit) in orbits.enumerated() {
            guard
                let other = orbit.first(where: {
                    lattice.length(($0.position - site.position).nearestImage) < Self.coincidence
                })
            else { continue }
            let total = (other.occupants + site.occupants).reduce(0) { $0 + $1.occupancy }
            guard total < 1.05 else {
                throw block.error(
                    "\(other.label) and \(site.label) stand at the same place with occupancies adding up to "
                        + "\((total * 1000).rounded() / 1000)",
                    at: block.column("_atom_site_fract_x"),
                    remedy: "remove one or correct the occupancies or the symmetry")
            }
            return index
        }
        return nil
    }

    /// Å; atoms nearer than this are at one place.
    private static let coincidence = 0.02
}
