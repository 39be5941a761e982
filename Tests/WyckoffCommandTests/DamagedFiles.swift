import CrystalTexts
import Foundation

/// A folder of sound crystal files and of files damaged in every way that programs and disks know.
struct DamagedFiles {
    /// A way to damage: what the file is called and what stands in it.
    struct Kind: Sendable {
        let name: String
        let suffix: String
        let content: @Sendable (_ random: inout SystemSeeded) -> Data
    }

    /// The same draws for the same seed.
    struct SystemSeeded: RandomNumberGenerator, Sendable {
        var state: UInt64
        /// Steele, Lea & Flood's SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    /// Rock salt of some cell, all operators left to its symbol.
    static func sound(_ a: Double) -> String { cif(a: "\(a)", symbol: "F m -3 m", number: "225") }

    static func cif(
        a: String, b: String? = nil, c: String? = nil, gamma: String = "90", symbol: String? = nil,
        number: String? = nil, hall: String? = nil, operations: [String] = [], more: String = "",
        atoms: String = "Na1 Na 0 0 0 1\nCl1 Cl 0.5 0.5 0.5 1"
    ) -> String {
        var items: [String] = []
        if let symbol { items.append("_symmetry_space_group_name_H-M '\(symbol)'") }
        if let number { items.append("_symmetry_Int_Tables_number \(number)") }
        if let hall { items.append("_space_group_name_Hall '\(hall)'") }
        if !operations.isEmpty {
            items.append(CrystalText.operations(operations, tag: "_symmetry_equiv_pos_as_xyz"))
        }
        if !more.isEmpty { items.append(more) }
        return CrystalText.cif(
            block: "data_salt", cell: "\(a) \(b ?? a) \(c ?? a) 90 90 \(gamma)",
            items: items.joined(separator: "\n"), columns: CrystalText.occupiedPlaces, sites: atoms)
    }

    static let json =
        #"{"lattice":{"matrix":[[4,0,0],[0,4,0],[0,0,4]]},"sites":[{"species":[{"element":"Po","occu":1}],"abc":[0,0,0]}]}"#
    static let xyz =
        "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"\nCs 0 0 0\nCl 2 2 2\n"
    static let poscar = CrystalText.poscar(
        title: "CsCl", vectors: "4", species: ["Cs": 1, "Cl": 1], atoms: "0 0 0\n0.5 0.5 0.5")

    private static func text(_ name: String, _ suffix: String = "cif", _ text: String) -> Kind {
        Kind(name: name, suffix: suffix) { _ in Data(text.utf8) }
    }

    private static func site(_ line: String) -> String { "Na1 Na 0 0 0 1\n" + line }

    static let kinds: [Kind] = [
        Kind(name: "cut-in-the-cell", suffix: "cif") { random in
            Data(sound(5.6).utf8.prefix(Int.random(in: 1...100, using: &random)))
        },
        Kind(name: "cut-in-an-atom", suffix: "cif") { random in
            Data(sound(5.6).utf8.dropLast(Int.random(in: 4...12, using: &random)))
        },
        text("empty", "cif", ""), text("blank", "cif", "\n\n  \n"),
        Kind(name: "random-bytes", suffix: "cif") { random in
            Data((0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) })
        },
        Kind(name: "zeros", suffix: "cif") { _ in Data(count: 4096) },
        Kind(name: "nul-inside-a-number", suffix: "cif") { _ in
            Data(sound(5.6).replacing("_cell_length_b 5.6", with: "_cell_length_b 5\0.6").utf8)
        },
        Kind(name: "utf16", suffix: "cif") { _ in sound(5.6).data(using: .utf16LittleEndian) ?? Data() },
        text("page", "cif", "<!DOCTYPE html><html><body>404 not found</body></html>"),
        text(
            "big-integer-triplet", "cif", cif(a: "5.6", operations: ["x,y,z", "x+9223372036854775807,y,z"])),
        text("big-factor-triplet", "cif", cif(a: "5.6", operations: ["x,y,z", "99999999999999999999x,y,z"])),
        text("zero-denominator", "cif", cif(a: "5.6", operations: ["x,y,z", "x+1/0,y,z"])),
        text("no-group-of-operations", "cif", cif(a: "5.6", operations: ["x,y,z", "x+y,y,2z"])),
        text("big-integer-hall", "cif", cif(a: "5.6", hall: "P 1 (x+9223372036854775807,y,z)")),
        text("big-integer-number", "cif", cif(a: "5.6", number: "99999999999999999999999")),
        text("no-group-of-that-number", "cif", cif(a: "5.6", number: "231")),
        text("no-group-of-that-symbol", "cif", cif(a: "5.6", symbol: "P n m x")),
        text("wrong-group", "cif", cif(a: "5.6", symbol: "P m m m", number: "47", atoms: "Na1 Na 0 0 0 1")),
        text("bad-element", "cif", cif(a: "5.6", symbol: "F m -3 m", atoms: site("Zz1 Zz 0.5 0.5 0.5 1"))),
        text("nan-coordinate", "cif", cif(a: "5.6", symbol: "F m -3 m", atoms: site("Cl1 Cl nan 0.5 0.5 1"))),
        text(
            "infinite-coordinate", "cif",
            cif(a: "5.6", symbol: "F m -3 m", atoms: site("Cl1 Cl 1e999 0.5 0.5 1"))),
        text(
            "word-for-a-coordinate", "cif",
            cif(a: "5.6", symbol: "F m -3 m", atoms: site("Cl1 Cl half 0.5 0.5 1"))),
        text(
            "negative-occupancy", "cif",
            cif(a: "5.6", symbol: "F m -3 m", atoms: site("Cl1 Cl 0.5 0.5 0.5 -1"))),
        text(
            "occupancy-of-seven", "cif",
            cif(a: "5.6", symbol: "F m -3 m", atoms: site("Cl1 Cl 0.5 0.5 0.5 7"))),
        text("huge-cell", "cif", cif(a: "1e300", symbol: "F m -3 m")),
        text("tiny-cell", "cif", cif(a: "1e-300")),
        text("negative-cell", "cif", cif(a: "-5.6")), text("nan-cell", "cif", cif(a: "nan")),
        text("flat-cell", "cif", cif(a: "5.6", gamma: "180")),
        text("cell-in-metres", "cif", cif(a: "5.6e-10")),
        text("overlapping", "cif", cif(a: "5.6", atoms: site("Cl1 Cl 0.01 0 0 1"))),
        text("coinciding", "cif", cif(a: "5.6", atoms: site("Cl1 Cl 0 0 0 1"))),
        text("modulated", "cif", cif(a: "5.6", symbol: "F m -3 m", more: "_cell_modulation_dimension 1\n")),
        text(
            "no-cell", "cif",
            "data_x\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nNa1 0 0 0\n"
        ),
        text("no-atoms", "cif", cif(a: "5.6").components(separatedBy: "loop_")[0]),
        text("open-quote", "cif", sound(5.6).replacing("'F m -3 m'", with: "'F m -3 m")),
        text("open-text", "cif", sound(5.6) + "_note\n;\nnever closed"),
        text("short-row", "cif", cif(a: "5.6", symbol: "F m -3 m", atoms: site("Cl1 Cl 0.5 0.5"))),
        text("null", "json", "null"), text("json-number", "json", "3"),
        text("json-nulls", "json", json.replacing("[0,0,0]}]", with: "[null,0,0]}]")),
        text("json-cut", "json", String(json.dropLast(30))),
        text("json-deep", "json", String(repeating: "[", count: 200_000)),
        text("json-flat-lattice", "json", json.replacing("[0,0,4]]", with: "[0,4,0]]")),
        text("json-strange-element", "json", json.replacing("Po", with: "Qq")),
        text("jsonl-cut", "jsonl", String(json.dropLast(10)) + "\n"),
        Kind(name: "gz-cut", suffix: "jsonl.gz") { _ in Data(gzipped.prefix(60)) },
        Kind(name: "gz-changed", suffix: "jsonl.gz") { _ in
            var data = gzipped
            data[data.count / 2] ^= 0x55
            return data
        },
        text("xyz-too-few", "extxyz", xyz.replacing("2\nLat", with: "3\nLat")),
        text("xyz-negative", "extxyz", xyz.replacing("2\nLat", with: "-2\nLat")),
        text("xyz-many", "extxyz", xyz.replacing("2\nLat", with: "9223372036854775807\nLat")),
        text("xyz-no-cell", "extxyz", "2\n\nCs 0 0 0\nCl 2 2 2\n"),
        text("xyz-nan", "extxyz", xyz.replacing("Cl 2 2 2", with: "Cl nan 2 2")),
        text("poscar-many", "vasp", poscar.replacing("1 1\n", with: "999999999999 1\n")),
        text("poscar-too-few", "vasp", poscar.replacing("1 1\n", with: "1 2\n")),
        text("poscar-no-scale", "vasp", poscar.replacing("1.0\n", with: "0\n")),
        text("poscar-word", "vasp", poscar.replacing("0 4 0", with: "0 four 0")),
        text("poscar-flat", "vasp", poscar.replacing("0 0 4\n", with: "0 4 0\n")),
    ]

    /// `json` and a newline as gzip writes them.
    private static let gzipped =
        Data(
            base64Encoded:
                "H4sIAAAAAAACAy2MsQqAMAwFdz/jzRkqdOpXuJcMNWQoqBUbQSj9d4s43Q3HNWzJLIsiNOzJrvwgxOjJkWOKjvzPYcydULNpHUlDPVXy77rprochYCkgFJEbYe5MSKuMwn2/zn16AZTIaNtxAAAA"
        ) ?? Data()

    let names: Set<String>

    /// - Parameters:
    ///   - count: files in all.
    ///   - damaged: of these, the kinds in turn.
    init(count: Int, damaged: Int, seed: UInt64, in folder: URL) throws {
        var random = SystemSeeded(state: seed)
        var names = Set<String>()
        let places = Set((0..<count).shuffled(using: &random).prefix(damaged))
        var turn = 0
        for index in 0..<count {
            guard places.contains(index) else {
                let a = 5 + Double(index) / Double(count)
                let file = folder.appendingPathComponent(String(format: "%04d-sound.cif", index))
                try Data(Self.sound(a).utf8).write(to: file)
                continue
            }
            let kind = Self.kinds[turn % Self.kinds.count]
            turn += 1
            let name = String(format: "%04d-\(kind.name).\(kind.suffix)", index)
            try kind.content(&random).write(to: folder.appendingPathComponent(name))
            names.insert(name)
        }
        self.names = names
    }
}
