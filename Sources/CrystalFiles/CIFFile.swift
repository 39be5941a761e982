import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// Crystal structures in CIF, core dictionaries 2 and 3 (Hall, Allen & Brown 1991; IUCr).
package enum CIFFile {
    /// Every data block that holds a structure.
    ///
    /// - Throws: the syntax error, or, where no block holds a readable structure, what is wrong with the
    ///   first that tries. A faulty block beside good ones is a warning on the first record.
    package static func parse(_ text: String, name: String) throws(CrystalFileError) -> [CrystalRecord] {
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
            records[0].readingWarnings += faults.map { .blockLeftOut($0) }
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

    private static func results(
        of document: CIFDocument
    ) -> [Result<CrystalRecord, CrystalFileError>] {
        var results: [Result<CrystalRecord, CrystalFileError>] = []
        for block in document.blocks where block.hasTag(beginning: "_atom_site_fract_") {
            do throws(CrystalFileError) {
                var reader = CIFStructureReader(block: block)
                var record = try reader.record()
                if results.isEmpty { record.readingWarnings = document.warnings + record.readingWarnings }
                results.append(.success(record))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
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
    private var warnings: [ReadingWarning] = []

    init(block: CIFBlock) {
        self.block = block
    }

    mutating func record() throws(CrystalFileError) -> CrystalRecord {
        let lattice = try lattice()
        let declared = try CIFSymmetry(block: block, lattice: lattice)
        warnings += declared.warnings
        let sites = try CIFSiteReader(block: block, lattice: lattice).sites(&warnings)
        let choice = try CIFReadingChoice(declared, sites: sites, block: block, lattice: lattice)
        let expansion = choice.expansion
        warnings += choice.warnings + expansion.warnings
        if let duplicate = block.duplicateTags.first {
            warnings.append(.repeatedTag(duplicate))
        }
        var record = CrystalRecord(
            name: block.name, structure: expansion.structure, declaredOperations: choice.operations,
            declaredSymbol: declared.symbol, declaredNumber: declared.number,
            asymmetricSites: expansion.asymmetric, siteOfAtom: expansion.siteOfAtom, readingWarnings: warnings
        )
        record.separateSites = expansion.separate
        record.stated = StatedValues(cell: statedCell, sites: expansion.stated)
        record.readingWarnings += StatedContent(block: block).contradictions(
            of: record.structure, cellUncertainties: statedCell.map { $0.uncertainty ?? 0 })
        record.readingWarnings += StatedSystem(block: block).contradictions(of: choice.operations)
        record.readingWarnings += PlausibleCell.warnings(of: record.structure)
        record.readingWarnings += StatedPositions(
            block: block, operations: choice.operations, lattice: lattice
        )
        .contradictions(of: expansion.separate)
        return record
    }

    /// a, b, c, α, β, γ as written.
    private var statedCell: [MeasuredValue] {
        ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"].map { name in
            let measured = block.text("_cell_\(name)").flatMap { TextNumber.measured($0) } ?? (90, nil)
            return MeasuredValue(measured.value, uncertainty: measured.uncertainty)
        }
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
                warnings.append(.missingAngle(name))
                angles.append(90)
            }
        }
        do throws(LatticeError) {
            return try Lattice(checking: a, b, c, alpha: angles[0], beta: angles[1], gamma: angles[2])
        } catch {
            throw block.error(error, at: block.column("_cell_length_a"))
        }
    }
}
