import Crystallography
import Foundation
import NumericalMethods
import Symmetry

/// Structures in JSON: pymatgen's `Structure.as_dict`, ASE's atoms (database and `jsonio` form), records that
/// carry a CIF or POSCAR text, alone, in an array, or under `structure`.
package enum StructureJSONFile {
    package enum Style: String, Sendable, CaseIterable {
        case pymatgen
        /// ASE's database form.
        case ase
    }

    package static func parse(_ text: String, name: String) throws(CrystalFileError) -> [CrystalRecord] {
        let document = try JSONValue(parsing: Array(text.utf8), file: name)
        let rows = try aseRows(document, file: name)
        let values = document.array ?? rows ?? [document]
        guard !values.isEmpty else {
            throw CrystalFileError(file: name, problem: "no structure", remedy: "give at least one")
        }
        var records: [CrystalRecord] = []
        for (index, value) in values.enumerated() {
            let place = values.count > 1 ? "record \(index + 1)" : nil
            records.append(try JSONRecordReader(value: value, file: name, place: place).record())
        }
        return records
    }

    /// One line of a JSONL set.
    static func record(_ bytes: [UInt8], file: String, line: Int) throws(CrystalFileError) -> CrystalRecord {
        let value = try JSONValue(parsing: bytes, file: file, firstLine: line)
        return try JSONRecordReader(value: value, file: file, line: line).record()
    }

    /// The rows of an ASE database file, `{"1": {…}, "ids": [1], …}`.
    private static func aseRows(
        _ document: JSONValue, file: String
    ) throws(CrystalFileError) -> [JSONValue]? {
        guard let ids = document["ids"]?.array else { return nil }
        var rows: [JSONValue] = []
        for id in ids {
            guard let number = id.integer, let row = document[String(number)] else {
                throw CrystalFileError(
                    file: file, field: "ids", problem: "no row \(id.text)", remedy: "correct the list of ids")
            }
            rows.append(row)
        }
        return rows
    }

    /// One object for one structure, an array for several. ASE's form holds whole atoms only.
    ///
    /// - Throws: where ASE's form cannot hold a partly occupied or shared site.
    package static func serialise(
        _ structures: [CrystalStructure], style: Style = .pymatgen, name: String = "output"
    ) throws(CrystalFileError) -> String {
        switch style {
        case .pymatgen:
            let values = structures.map(pymatgen)
            let value = values.count == 1 ? values[0] : .array(values)
            return value.text + "\n"
        case .ase:
            var members: [JSONValue.Member] = []
            for (index, structure) in structures.enumerated() {
                members.append(.init(key: String(index + 1), value: try ase(structure, name: name)))
            }
            let ids = (0..<structures.count).map { JSONValue.number(Double($0 + 1)) }
            members.append(.init(key: "ids", value: .array(ids)))
            members.append(.init(key: "nextid", value: .number(Double(structures.count + 1))))
            return JSONValue.object(members).text + "\n"
        }
    }

    private static func pymatgen(_ structure: CrystalStructure) -> JSONValue {
        let lattice = structure.lattice
        let (lengths, angles) = (lattice.lengths, lattice.angles)
        let latticeValue = JSONValue.object([
            "matrix": .array((0..<3).map { .vector(lattice.vectors[$0]) }),
            "pbc": .array([.bool(true), .bool(true), .bool(true)]),
            "a": .number(lengths.x), "b": .number(lengths.y), "c": .number(lengths.z),
            "alpha": .number(angles.x), "beta": .number(angles.y), "gamma": .number(angles.z),
            "volume": .number(lattice.volume),
        ])
        let sites = structure.sites.map { site -> JSONValue in
            let species = site.occupants.map { occupant -> JSONValue in
                var members: [JSONValue.Member] = [
                    .init(key: "element", value: .string(elementName(occupant.species))),
                    .init(key: "occu", value: .number(occupant.occupancy)),
                ]
                // Readers know D and T as elements; other isotopes are a number beside theirs.
                if let number = occupant.species.massNumber, occupant.species.element.atomicNumber > 1 {
                    members.append(.init(key: "mass_number", value: .number(Double(number))))
                }
                if let charge = occupant.species.charge {
                    members.append(.init(key: "oxidation_state", value: .number(Double(charge))))
                }
                return .object(members)
            }
            return .object([
                "species": .array(species), "abc": .vector(site.position),
                "xyz": .vector(lattice.cartesian(site.position)),
                "properties": properties(site), "label": .string(site.label),
            ])
        }
        return .object([
            "@module": "pymatgen.core.structure", "@class": "Structure", "charge": 0,
            "lattice": latticeValue,
            "properties": .object([JSONValue.Member(key: "title", value: .string(structure.title))]),
            "sites": .array(sites),
        ])
    }

    private static func elementName(_ species: Species) -> String {
        species.element.atomicNumber == 1 ? species.symbol : species.element.symbol
    }

    private static func properties(_ site: Site) -> JSONValue {
        switch site.displacement {
        case .isotropic(let b): .object([JSONValue.Member(key: "B_iso", value: .number(b))])
        case .anisotropic(let u):
            .object([JSONValue.Member(key: "U_aniso", value: .array((0..<3).map { .vector(u[$0]) }))])
        case nil: .object([JSONValue.Member]())
        }
    }

    private static func ase(_ structure: CrystalStructure, name: String) throws(CrystalFileError) -> JSONValue
    {
        let sites = structure.sites
        guard sites.allSatisfy({ $0.occupants.count == 1 && ($0.occupants.first?.occupancy ?? 0) > 0.999 })
        else {
            throw CrystalFileError(
                file: name, problem: "ASE's form holds no partly occupied site",
                remedy: "write CIF or pymatgen's form")
        }
        return .object([
            "cell": .array((0..<3).map { .vector(structure.lattice.vectors[$0]) }),
            "numbers": .array(sites.map { .number(Double($0.element?.atomicNumber ?? 0)) }),
            "pbc": .array([.bool(true), .bool(true), .bool(true)]),
            "positions": .array(sites.map { .vector(structure.lattice.cartesian($0.position)) }),
            "key_value_pairs": .object([JSONValue.Member(key: "title", value: .string(structure.title))]),
        ])
    }
}

/// One JSON object into one record, whichever form it has.
struct JSONRecordReader {
    let value: JSONValue
    let file: String
    var place: String?
    var line: Int?

    init(value: JSONValue, file: String, place: String? = nil, line: Int? = nil) {
        self.value = value
        self.file = file
        self.place = place
        self.line = line
    }

    func record() throws(CrystalFileError) -> CrystalRecord {
        var record = try unnamedRecord()
        if let name = value.first("material_id", "id", "name", "formula_pretty", "unique_id") {
            record.name = name.string ?? name.integer.map(String.init) ?? record.name
        }
        if record.declaredNumber == nil || record.declaredNumber == 1 {
            record.declaredNumber = claimedNumber ?? record.declaredNumber
        }
        return record
    }

    private func unnamedRecord() throws(CrystalFileError) -> CrystalRecord {
        if let sites = value["sites"]?.array, let lattice = value["lattice"] {
            return try pymatgen(sites: sites, lattice: lattice)
        }
        if let cif = value["cif"]?.string {
            guard let first = try CIFFile.parse(cif, name: label("cif")).first else {
                throw error("no structure in the CIF", remedy: "give a CIF with a structure")
            }
            return first
        }
        if let poscar = value["poscar"]?.string {
            guard let first = try POSCARFile.parse(poscar, name: label("poscar")).first else {
                throw error("no structure in the POSCAR", remedy: "give a POSCAR with a structure")
            }
            return first
        }
        if let orbits = value["orbits"]?.array { return try self.orbits(orbits) }
        if value["numbers"] != nil || value["symbols"] != nil { return try ase() }
        let keys = ["structure", "atoms", "final_structure", "input_structure", "initial_structure"]
        let held = keys.filter { if case .object? = value[$0] { true } else { false } }
        if let taken = held.first, let inner = value[taken] {
            var record = try JSONRecordReader(value: inner, file: file, place: place, line: line).record()
            if held.count > 1 {
                record.readingWarnings.append(
                    .otherStructuresInObject(Array(held.dropFirst()), taken: taken))
            }
            return record
        }
        throw error(
            "no structure in this object", remedy: "give pymatgen's or ASE's form, or a record with \"cif\"")
    }

    /// The group number a data set states beside its structure.
    private var claimedNumber: Int? {
        let claim = value.first(
            "spacegroup.number", "space_group_number", "spacegroup_number", "spg_number", "sg", "sg_csv",
            "spacegroup", "space_group")
        if case .object? = claim { return claim?["number"]?.integer }
        return claim?.integer ?? claim?.string.flatMap { Int($0) }
    }

    func error(_ problem: String, field: String? = nil, remedy: String) -> CrystalFileError {
        let where_ = [place, field].compactMap { $0 }.joined(separator: " ")
        return CrystalFileError(
            file: file, line: line, field: where_.isEmpty ? nil : where_, problem: problem, remedy: remedy)
    }

    /// What errors of an embedded text are attributed to.
    private func label(_ key: String) -> String {
        [file, line.map { "line \($0)" }, place, key].compactMap { $0 }.joined(separator: " ")
    }

    // MARK: Orbits

    /// `{"hall": 424, "cell": [a, b, c, α, β, γ], "orbits": [["Au", "d", 4, x, y, z], …]}`: one representative
    /// an orbit in the setting of a Hall number.
    private func orbits(_ orbits: [JSONValue]) throws(CrystalFileError) -> CrystalRecord {
        guard let hall = value["hall"]?.integer, let group = SpaceGroup(hallNumber: hall) else {
            throw error("no Hall number", field: "hall", remedy: "give 1–530")
        }
        guard let numbers = value["cell"]?.numbers else {
            throw error("no cell", field: "cell", remedy: "give [a, b, c, alpha, beta, gamma]")
        }
        let lattice = try lattice(cell: numbers)
        let expansion = SymmetryExpansion(lattice: lattice, operations: group.operations)
        var asymmetric: [Site] = []
        var atoms: [Site] = []
        var siteOfAtom: [Int] = []
        for (index, value) in orbits.enumerated() {
            guard let row = value.array, row.count == 6, let symbol = row[0].string,
                let element = Element(symbol: symbol), let multiplicity = row[2].integer,
                let x = row[3].number,
                let y = row[4].number, let z = row[5].number, Limits.hold(SIMD3(x, y, z))
            else {
                throw error(
                    "not [element, letter, multiplicity, x, y, z]", field: "orbit \(index + 1)",
                    remedy: "correct the orbit")
            }
            let site = Site(element, at: SIMD3(x, y, z), label: "\(symbol)\(index + 1)")
            let orbit = expansion.orbit(of: site).sites
            guard orbit.count == multiplicity else {
                throw error(
                    "\(orbit.count) atoms, not \(multiplicity)", field: "orbit \(index + 1)",
                    remedy: "correct position, multiplicity or Hall number")
            }
            guard atoms.count + orbit.count <= Limits.atoms else {
                throw .tooManyAtoms(atoms.count + orbit.count, file: file, line: line)
            }
            asymmetric.append(site)
            atoms += orbit
            siteOfAtom += repeatElement(index, count: orbit.count)
        }
        guard !atoms.isEmpty else { throw error("no orbits", remedy: "give at least one") }
        return CrystalRecord(
            name: "", structure: CrystalStructure(lattice: lattice, sites: atoms),
            declaredOperations: group.operations, declaredSymbol: group.symbol, declaredNumber: group.number,
            asymmetricSites: asymmetric, siteOfAtom: siteOfAtom)
    }

    // MARK: ASE

    private func ase() throws(CrystalFileError) -> CrystalRecord {
        let cellValue = value["cell"].map { $0["array"] ?? $0 }
        guard let lattice = try lattice(rows: cellValue) else {
            throw error("no cell", remedy: "give \"cell\" with three vectors")
        }
        let elements: [Element?] =
            (value["numbers"].flatMap(plain)?.map { $0.integer.flatMap { Element(atomicNumber: $0) } })
            ?? (value["symbols"]?.array?.map { $0.string.flatMap { Element(symbol: $0) } }) ?? []
        let cartesian = value["positions"].flatMap(rows)
        let fractional = value["scaled_positions"].flatMap(rows)
        guard let positions = fractional ?? cartesian?.map(lattice.fractional),
            positions.count == elements.count
        else { throw error("no positions", remedy: "give \"positions\", one triple an atom") }
        let masses = value["masses"].flatMap(plain)?.map(\.number)
        if let masses, masses.count != elements.count {
            throw error(
                "\(masses.count) masses for \(elements.count) atoms", field: "masses",
                remedy: "give one an atom")
        }
        var sites: [Site] = []
        for (index, (element, position)) in zip(elements, positions).enumerated() {
            guard let element else {
                throw error("an atomic number is not between 1 and 118", remedy: "correct \"numbers\"")
            }
            guard Limits.hold(position) else {
                throw error("coordinates out of any reasonable size", remedy: "correct the positions")
            }
            let species = (masses?[index]).map { Species(element, mass: $0) } ?? Species(element)
            sites.append(Site(occupants: [Occupant(species)], position: position))
        }
        for aside in [value["info"], value["data"], value["key_value_pairs"], value] {
            guard let occupancy = aside?["occupancy"], PartialOccupancy.isStated(in: occupancy) else {
                continue
            }
            throw PartialOccupancy.refusal(file: file, line: line, field: "occupancy")
        }
        let info = value["key_value_pairs"] ?? value["info"]
        var record = try finished(lattice, sites, title: info?["title"]?.string ?? "")
        var unkept = JSONUnkept()
        unkept.note(value.object?.members, only: JSONUnkept.aseQuantities)
        unkept.note(info?.object?.members, but: ["title"])
        record.unkept = unkept.names
        let periodic = value["pbc"].flatMap(plain)
        if let warning = periodic.flatMap({ Periodicity.warning(JSONValue.array($0).text) }) {
            record.readingWarnings.append(warning)
        }
        return record
    }

    /// A plain array, or `{"__ndarray__": [shape, type, [flat values]]}`.
    private func plain(_ value: JSONValue) -> [JSONValue]? {
        value.array ?? value["__ndarray__"]?.array.flatMap { $0.count == 3 ? $0[2].array : nil }
    }

    private func rows(_ value: JSONValue) -> [SIMD3<Double>]? {
        if let array = value.array {
            let rows = array.compactMap { vector($0) }
            return rows.count == array.count ? rows : nil
        }
        guard let flat = plain(value), flat.count.isMultiple(of: 3) else { return nil }
        let numbers = flat.compactMap(\.number)
        guard numbers.count == flat.count else { return nil }
        return stride(from: 0, to: numbers.count, by: 3).map {
            SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
        }
    }

    // MARK: Parts

    func vector(_ value: JSONValue?) -> SIMD3<Double>? {
        guard let numbers = value?.numbers, numbers.count == 3 else { return nil }
        return SIMD3(numbers[0], numbers[1], numbers[2])
    }

    func lattice(rows value: JSONValue?) throws(CrystalFileError) -> Lattice? {
        guard let value else { return nil }
        guard let rows = rows(value), rows.count == 3 else {
            throw error("the cell is not three vectors", remedy: "give three rows of three numbers in Å")
        }
        return try checked { () throws(LatticeError) in
            try Lattice(checking: Matrix3(rows: rows[0], rows[1], rows[2]))
        }
    }

    func cell(_ value: JSONValue) throws(CrystalFileError) -> Lattice {
        let names = ["a", "b", "c", "alpha", "beta", "gamma"]
        let numbers = names.compactMap { value[$0]?.number }
        guard numbers.count == 6 else {
            throw error("no cell", remedy: "give \"lattice\" with \"matrix\", or a, b, c, alpha, beta, gamma")
        }
        return try lattice(cell: numbers)
    }

    func lattice(cell p: [Double]) throws(CrystalFileError) -> Lattice {
        guard p.count == 6 else {
            throw error("no cell", remedy: "give a, b, c, alpha, beta and gamma, six numbers")
        }
        return try checked { () throws(LatticeError) in
            try Lattice(checking: p[0], p[1], p[2], alpha: p[3], beta: p[4], gamma: p[5])
        }
    }

    private func checked(_ body: () throws(LatticeError) -> Lattice) throws(CrystalFileError) -> Lattice {
        do throws(LatticeError) {
            return try body()
        } catch {
            let explanation = error.explanation
            throw self.error(explanation.problem, remedy: explanation.remedy ?? "correct the cell")
        }
    }

    func finished(
        _ lattice: Lattice, _ sites: [Site], title: String
    ) throws(CrystalFileError) -> CrystalRecord {
        guard !sites.isEmpty else { throw error("no atoms", remedy: "give at least one") }
        guard sites.count <= Limits.atoms else { throw .tooManyAtoms(sites.count, file: file, line: line) }
        let structure = CrystalStructure(title: title, lattice: lattice, sites: sites)
        return CrystalRecord(
            structure,
            readingWarnings: PlausibleCell.warnings(of: structure) + PlausibleCell.overlaps(in: structure))
    }
}
