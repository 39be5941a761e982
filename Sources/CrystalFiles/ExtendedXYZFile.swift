import Crystallography
import Foundation
import NumericalMethods
import Publishing

/// Extended XYZ: number of atoms, a line with `Lattice="…" Properties=species:S:1:pos:R:3 …`, one line an
/// atom; any number of frames (Csányi, extxyz specification).
///
/// Columns read and written beside species and position: `label:S:1`, `occupancy:R:1`, `oxidation:I:1`,
/// `mass_number:I:1`, `B_iso:R:1` in Å², `U_aniso:R:9` in Å². Other columns are named in `CrystalRecord.unkept`.
package enum ExtendedXYZFile {
    package static func parse(_ text: String, name: String) throws(CrystalFileError) -> [CrystalRecord] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        while lines.last?.allSatisfy(\.isWhitespace) ?? false { lines.removeLast() }
        var records: [CrystalRecord] = []
        var next = 0
        while next < lines.count {
            if lines[next].allSatisfy(\.isWhitespace) {
                next += 1
                continue
            }
            let count = try atomCount(lines[next], line: next + 1, file: name)
            let end = next + 2 + count
            guard end <= lines.count else {
                throw CrystalFileError(
                    file: name, line: next + 1, problem: "\(count) atoms are announced, the file is shorter",
                    remedy: "give a complete file")
            }
            records.append(try record(Array(lines[(next + 1)..<end]), firstLine: next + 2, file: name))
            next = end
        }
        guard !records.isEmpty else {
            throw CrystalFileError(file: name, problem: "no structure", remedy: "give at least one frame")
        }
        return records
    }

    static func atomCount(_ text: String, line: Int, file: String) throws(CrystalFileError) -> Int {
        guard let count = Int(text.trimmingCharacters(in: .whitespaces)), count > 0 else {
            throw CrystalFileError(
                file: file, line: line, problem: "the number of atoms is expected",
                remedy: "begin each frame with it")
        }
        guard count <= Limits.atoms else { throw .tooManyAtoms(count, file: file, line: line) }
        return count
    }

    /// A frame without its first line.
    static func record(
        _ lines: [String], firstLine: Int, file: String
    ) throws(CrystalFileError) -> CrystalRecord {
        let header = try ExtendedXYZHeader(lines.first ?? "", line: firstLine, file: file)
        var sites: [Site] = []
        for (index, text) in lines.enumerated().dropFirst() {
            sites.append(try header.site(text, line: firstLine + index))
        }
        guard !sites.isEmpty else {
            throw CrystalFileError(
                file: file, line: firstLine, problem: "no atoms", remedy: "give at least one")
        }
        let structure = CrystalStructure(title: header.title, lattice: header.lattice, sites: sites)
        var record = CrystalRecord(
            structure,
            readingWarnings: PlausibleCell.warnings(of: structure) + PlausibleCell.overlaps(in: structure))
        record.declaredNumber = header.declaredNumber
        record.declaredSymbol = header.declaredSymbol
        record.readingWarnings += header.warnings
        record.unkept = header.unkept
        return record
    }

    /// One frame a structure.
    ///
    /// - Throws: where a site is shared by species, which the format cannot say.
    package static func serialise(
        _ structures: [CrystalStructure], name: String = "output"
    ) throws(CrystalFileError) -> String {
        var text = ""
        for structure in structures { text += try frame(structure, name: name) }
        return text
    }

    private static func frame(
        _ structure: CrystalStructure, name: String
    ) throws(CrystalFileError) -> String {
        let sites = structure.sites
        guard sites.allSatisfy({ $0.occupants.count == 1 }) else {
            throw CrystalFileError(
                file: name, problem: "a site shared by several species cannot be written to extended XYZ",
                remedy: "write CIF or JSON")
        }
        let hasLabels = sites.contains { !$0.label.isEmpty }
        let hasOccupancies = sites.contains { ($0.occupants.first?.occupancy ?? 1) != 1 }
        let hasCharges = sites.contains { $0.occupants.first?.species.charge != nil }
        let hasIsotopes = sites.contains { $0.occupants.first?.species.massNumber != nil }
        let hasB = sites.contains { if case .isotropic? = $0.displacement { true } else { false } }
        let hasU = sites.contains { if case .anisotropic? = $0.displacement { true } else { false } }
        var properties = "species:S:1:pos:R:3"
        if hasLabels { properties += ":label:S:1" }
        if hasOccupancies { properties += ":occupancy:R:1" }
        if hasCharges { properties += ":oxidation:I:1" }
        if hasIsotopes { properties += ":mass_number:I:1" }
        if hasB { properties += ":B_iso:R:1" }
        if hasU { properties += ":U_aniso:R:9" }
        let vectors = (0..<3).flatMap { row in (0..<3).map { "\(structure.lattice.vectors[row, $0])" } }
        let title = structure.title.onOneLine.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        var lines = [
            String(sites.count),
            "Lattice=\"\(vectors.joined(separator: " "))\" Properties=\(properties) pbc=\"T T T\""
                + (title.isEmpty ? "" : " title=\"\(title)\""),
        ]
        for site in sites {
            guard let occupant = site.occupants.first else { continue }
            var words = [
                RoundTrip.padded(occupant.species.element.symbol, to: 2),
                RoundTrip.row(structure.lattice.cartesian(site.position), width: 20),
            ]
            if hasLabels { words.append(site.label.isEmpty ? "-" : site.label.filter { !$0.isWhitespace }) }
            if hasOccupancies { words.append("\(occupant.occupancy)") }
            if hasCharges { words.append("\(occupant.species.charge ?? 0)") }
            // Other readers know no D: the isotope has a column of its own.
            if hasIsotopes { words.append("\(occupant.species.massNumber ?? 0)") }
            // A site without the quantity has none to write; nan would break other readers.
            if hasB {
                if case .isotropic(let b)? = site.displacement {
                    words.append("\(b)")
                } else {
                    words.append("0")
                }
            }
            if hasU {
                var u = Matrix3.zero
                if case .anisotropic(let tensor)? = site.displacement { u = tensor }
                for row in 0..<3 { for column in 0..<3 { words.append("\(u[row, column])") } }
            }
            lines.append(words.joined(separator: " "))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The comment line of a frame.
private struct ExtendedXYZHeader {
    let file: String
    let lattice: Lattice
    var title: String
    var declaredNumber: Int?
    var declaredSymbol: String?
    private var columns: [(name: String, count: Int)] = []
    private(set) var warnings: [ReadingWarning] = []
    /// Columns and values that a record has no place for.
    private(set) var unkept: [String] = []

    private static let keptColumns: Set<String> = [
        "species", "z", "numbers", "pos", "label", "occupancy", "oxidation", "mass_number", "b_iso",
        "u_aniso",
    ]
    private static let titles = ["title", "name", "material_id", "id", "config_type"]
    private static let groups = [
        "spacegroup", "space_group", "spacegroup_number", "space_group_number", "sg", "spg",
    ]

    init(_ text: String, line: Int, file: String) throws(CrystalFileError) {
        self.file = file
        let items = Self.items(of: text)
        func value(_ keys: String...) -> String? { first(of: keys) }
        func first(of keys: [String]) -> String? {
            keys.lazy.compactMap { key in items.first { $0.key.lowercased() == key }?.value }.first
        }
        guard let latticeText = value("lattice") else {
            throw CrystalFileError(
                file: file, line: line, field: "Lattice", problem: "no cell",
                remedy: "give Lattice=\"ax ay az bx by bz cx cy cz\" in Å")
        }
        let numbers = latticeText.split { $0.isWhitespace || "[],".contains($0) }.map {
            TextNumber.double($0)
        }
        let v = numbers.compactMap { $0 }
        guard v.count == 9, numbers.count == 9 else {
            throw CrystalFileError(
                file: file, line: line, field: "Lattice", problem: "not nine numbers",
                remedy: "give Lattice=\"ax ay az bx by bz cx cy cz\" in Å")
        }
        do throws(LatticeError) {
            lattice = try Lattice(
                checking: Matrix3(
                    rows: SIMD3(v[0], v[1], v[2]), SIMD3(v[3], v[4], v[5]), SIMD3(v[6], v[7], v[8])))
        } catch {
            throw CrystalFileError(
                file: file, line: line, field: "Lattice", problem: error.explanation.problem,
                remedy: error.explanation.remedy ?? "correct the lattice vectors")
        }
        title = first(of: Self.titles) ?? ""
        let claim = first(of: Self.groups)
        declaredNumber = claim.flatMap { Int($0) }
        declaredSymbol = declaredNumber == nil ? claim : nil
        let words = (value("properties") ?? "species:S:1:pos:R:3").split(
            separator: ":", omittingEmptySubsequences: false)
        guard words.count.isMultiple(of: 3) else { throw Self.badProperties(file: file, line: line) }
        for i in stride(from: 0, to: words.count, by: 3) {
            guard let count = Int(words[i + 2]), count > 0, count < 1000 else {
                throw Self.badProperties(file: file, line: line)
            }
            columns.append((String(words[i]).lowercased(), count))
        }
        let names = columns.map(\.name)
        guard names.contains("pos"),
            names.contains("species") || names.contains("z") || names.contains("numbers"),
            columns.allSatisfy({ $0.name != "pos" || $0.count == 3 })
        else { throw Self.badProperties(file: file, line: line) }
        if let unit = value("unit", "units", "length_unit", "position_unit"), !Self.isAngstrom(unit) {
            throw CrystalFileError(
                file: file, line: line, field: "unit", problem: "lengths in \(unit)", remedy: "give Å")
        }
        if let text = value("occupancy"), PartialOccupancy.isStated(inText: text) {
            throw PartialOccupancy.refusal(file: file, line: line, field: "occupancy")
        }
        if let warning = value("pbc").flatMap(Periodicity.warning) { warnings.append(warning) }
        let known = Set(["lattice", "properties", "pbc"] + Self.titles + Self.groups)
        unkept =
            (items.map(\.key).filter { !known.contains($0.lowercased()) })
            + names.filter { !Self.keptColumns.contains($0) }
    }

    private static func isAngstrom(_ unit: String) -> Bool {
        ["å", "a", "ang", "angstrom", "angstroms", "ångström", "ångstrom"].contains(unit.lowercased())
    }

    private static func badProperties(file: String, line: Int) -> CrystalFileError {
        CrystalFileError(
            file: file, line: line, field: "Properties", problem: "no species or positions in it",
            remedy: "give Properties=species:S:1:pos:R:3")
    }

    /// `key=value` pairs; a value may stand in "…", '…' , {…} or […].
    private static func items(of text: String) -> [(key: String, value: String)] {
        var items: [(String, String)] = []
        var rest = text[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard !rest.isEmpty else { return items }
            let key = rest.prefix { $0 != "=" && !$0.isWhitespace }
            rest = rest.dropFirst(key.count)
            guard rest.first == "=" else {
                items.append((String(key), "T"))
                continue
            }
            rest = rest.dropFirst()
            let pairs: [Character: Character] = ["\"": "\"", "'": "'", "{": "}", "[": "]"]
            guard let first = rest.first, let close = pairs[first] else {
                let word = rest.prefix { !$0.isWhitespace }
                rest = rest.dropFirst(word.count)
                items.append((String(key), String(word)))
                continue
            }
            var value = ""
            var isEscaped = false
            rest = rest.dropFirst()
            while let character = rest.first {
                rest = rest.dropFirst()
                if isEscaped {
                    value.append(character)
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == close {
                    break
                } else {
                    value.append(character)
                }
            }
            items.append((String(key), value))
        }
    }

    func site(_ text: String, line: Int) throws(CrystalFileError) -> Site {
        let words = text.split(whereSeparator: \.isWhitespace)
        var atom = ExtendedXYZAtom(file: file, line: line)
        var next = 0
        for (name, count) in columns {
            guard next + count <= words.count else {
                throw atom.fault("fewer columns than Properties announces")
            }
            try atom.take(name, words[next..<(next + count)])
            next += count
        }
        guard next == words.count else { throw atom.fault("more columns than Properties announces") }
        return try atom.site(in: lattice)
    }
}

/// An atom while the columns of its line are read.
private struct ExtendedXYZAtom {
    let file: String
    let line: Int
    private var species: Species?
    /// Cartesian, Å.
    private var position: SIMD3<Double>?
    private var site = Site(occupants: [], position: .zero)
    private var occupancy = 1.0
    private var charge: Int?
    private var massNumber: Int?
    /// u.
    private var mass: Double?

    init(file: String, line: Int) { (self.file, self.line) = (file, line) }

    func fault(_ problem: String) -> CrystalFileError {
        CrystalFileError(file: file, line: line, problem: problem, remedy: "correct the line")
    }

    /// - Parameter part: the words of a column, as many as Properties announces.
    mutating func take(_ name: String, _ part: ArraySlice<Substring>) throws(CrystalFileError) {
        let numbers = part.compactMap { TextNumber.double($0) }
        switch name {
        case "species", "z", "numbers": try takeElement(name, part)
        case "pos":
            guard numbers.count == 3 else { throw fault("three coordinates are expected") }
            position = SIMD3(numbers[0], numbers[1], numbers[2])
        case "label": site.label = part.first.map { $0 == "-" ? "" : String($0) } ?? ""
        case "occupancy":
            guard let value = numbers.first, value > 0,
                value <= CIFOccupantReader.greatestOccupancy + CIFOccupantReader.rounding
            else {
                throw fault("an occupancy is not between 0 and 1")
            }
            occupancy = min(1, value)
        case _ where PartialOccupancy.names.contains(name):
            guard numbers.allSatisfy({ $0 > 0.999 }), !numbers.isEmpty else {
                throw PartialOccupancy.refusal(file: file, line: line, field: name)
            }
        case "oxidation": charge = part.first.flatMap { Int($0) }.flatMap { abs($0) < 10 ? $0 : nil }
        case "mass_number":
            guard let number = part.first.flatMap({ Int($0) }), number >= 0 else {
                throw fault("a mass number is no whole number")
            }
            if number > 0 { massNumber = number }
        case "masses", "mass": mass = numbers.first
        case "b_iso":
            if let b = numbers.first, b != 0 { site.displacement = .isotropic(b: b) }
        case "u_aniso":
            guard numbers.count == 9, numbers.contains(where: { $0 != 0 }) else { return }
            site.displacement = .anisotropic(
                u: Matrix3(
                    rows: SIMD3(numbers[0], numbers[1], numbers[2]),
                    SIMD3(numbers[3], numbers[4], numbers[5]), SIMD3(numbers[6], numbers[7], numbers[8])))
        default: break
        }
    }

    /// By symbol or atomic number; where both stand there they have to agree.
    private mutating func takeElement(
        _ name: String, _ part: ArraySlice<Substring>
    ) throws(CrystalFileError) {
        if name == "species" {
            guard let symbol = part.first, let known = Species(symbol: symbol) else {
                throw fault("\"\(part.first ?? "")\" is no element")
            }
            species = known
            return
        }
        guard let element = part.first.flatMap({ Int($0) }).flatMap({ Element(atomicNumber: $0) })
        else { throw fault("\"\(part.first ?? "")\" is no atomic number") }
        if let species, species.element != element {
            throw fault("\(species.symbol) and the atomic number of \(element.symbol)")
        }
        species = species ?? Species(element)
    }

    /// When every column has been taken.
    func site(in lattice: Lattice) throws(CrystalFileError) -> Site {
        guard var species else { throw fault("no element") }
        guard let position else { throw fault("no position") }
        if charge != 0, let charge { species.charge = charge }
        if let mass, species.massNumber == nil {
            species.massNumber = Species(species.element, mass: mass).massNumber
        }
        if let massNumber {
            guard Species(symbol: "\(massNumber)\(species.element.symbol)") != nil else {
                throw fault("\(species.element.symbol) has no nuclide of mass number \(massNumber)")
            }
            species.massNumber = massNumber
        }
        var site = site
        site.position = lattice.fractional(position)
        guard Limits.hold(site.position) else {
            throw fault("the coordinates are out of any reasonable size")
        }
        site.occupants = [Occupant(species, occupancy: occupancy)]
        return site
    }
}
