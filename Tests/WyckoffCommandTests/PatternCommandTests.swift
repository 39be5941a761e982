import CrystalTexts
import Foundation
import Testing

/// Structure factors of gemmi (IT92) and cctbx (WK95), if they stand beside the package.
private enum Golden {
    static let folder = CommandRun.root.appendingPathComponent("../shared/data/golden").standardizedFileURL

    static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".tsv") }.map { String($0.dropLast(4)) }.sorted()
    }

    struct Row {
        var index: [Int]
        var multiplicity: Int
        var d: Double
        var it92: Double
        var wk95: Double
    }

    static func rows(_ name: String) throws -> [Row] {
        let text = try String(contentsOf: folder.appendingPathComponent(name + ".tsv"), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let cell = line.split(separator: "\t").map(String.init)
            return Row(
                index: cell[0..<3].compactMap { Int($0) }, multiplicity: Int(cell[3]) ?? 0,
                d: Double(cell[4]) ?? .nan, it92: Double(cell[6]) ?? .nan, wk95: Double(cell[8]) ?? .nan)
        }
    }
}

/// What `pattern --reflections --json` prints.
private struct Printed: Decodable {
    struct Reflection: Decodable {
        var phase, h, k, l, multiplicity: Int
        var d, twoTheta, F, intensity, relativeIntensity: Double
    }
    struct Group: Decodable { var number: Int }
    struct Cell: Decodable { var a, b, c, alpha, beta, gamma: Double }
    struct Phase: Decodable { var volume, density: Double }
    var spaceGroup: Group
    var cell: Cell
    var phases: [Phase]
    var reflections: [Reflection]

    init(_ run: CommandRun) throws {
        self = try JSONDecoder().decode(Printed.self, from: Data(run.output.utf8))
    }
}

@Suite("wyckoff pattern", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct PatternCommandTests {
    private let structure = CommandRun.data("structures/pbso4.cif")

    private static func reflections(_ arguments: [String]) throws -> Printed {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["pattern"] + arguments + ["--reflections", "--json"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            return try Printed(run)
        }
    }

    @Test(
        "|F| is gemmi's and cctbx's to 1e-4 F + 2e-5 F_max, d to 1e-6 Å, multiplicities exactly",
        .enabled(if: !Golden.names.isEmpty, "the golden structure factors are not beside the package"),
        arguments: Golden.names)
    func golden(name: String) throws {
        let rows = try Golden.rows(name)
        for table in ["it92", "wk95"] {
            let file = Golden.folder.appendingPathComponent(name + ".cif").path
            let printed = try Self.reflections([
                file, "--form-factors", table, "--no-dispersion", "--wavelength", "1.540593", "--range",
                "5:90",
            ])
            let expected = rows.map { table == "it92" ? $0.it92 : $0.wk95 }
            let largest = expected.filter(\.isFinite).max() ?? 0
            var unused = printed.reflections
            for (row, f) in zip(rows, expected) {
                // The representative of a set of equivalents is anyone's choice: by d, multiplicity and |F|.
                let tolerance = 1e-4 * f + 2e-5 * largest
                let found = unused.firstIndex {
                    abs($0.d - row.d) <= 1e-6 && $0.multiplicity == row.multiplicity
                        && (!f.isFinite || abs($0.F - f) <= tolerance)
                }
                if let found {
                    unused.remove(at: found)
                } else {
                    #expect(!f.isFinite || f < 1e-3, "\(table) \(row) is missing")
                }
            }
            #expect(unused.allSatisfy { $0.F < 1e-3 }, "\(unused.map { [$0.h, $0.k, $0.l] })")
        }
    }

    @Test(
        "h k l belong to the cell that is printed: 1/d² = hᵀ G* h; of a primitive POSCAR the conventional one"
    )
    func cellOfIndices() throws {
        try CommandRun.inFolder { folder in
            try """
            silicon, primitive
            1.0
            0 2.7155 2.7155
            2.7155 0 2.7155
            2.7155 2.7155 0
            Si
            2
            Direct
            0 0 0
            0.25 0.25 0.25
            """.write(to: folder.appendingPathComponent("POSCAR"), atomically: true, encoding: .utf8)
            let run = try CommandRun(
                ["pattern", "POSCAR", "--reflections", "--json", "--no-dispersion"], in: folder)
            #expect(run.status == 0)
            let printed = try Printed(run)
            #expect(printed.spaceGroup.number == 227)
            #expect(abs(printed.cell.a - 5.431) < 1e-9)
            let first = try #require(printed.reflections.first)
            #expect([first.h, first.k, first.l].map(abs) == [1, 1, 1])
            #expect(first.multiplicity == 8)
            for r in printed.reflections {
                let squares = Double(r.h * r.h + r.k * r.k + r.l * r.l)
                #expect(abs(r.d - 5.431 / squares.squareRoot()) < 1e-9)
            }
            // Eight atoms: |F(400)| = 8 f, |F(111)| = 4√2 f.
            #expect(first.F > 4 * 2.0.squareRoot() * 10 && first.F < 4 * 2.0.squareRoot() * 11)
        }
    }

    @Test("a mixture is the sum of its phases in proportion to their volumes")
    func mixture() throws {
        let other = CommandRun.data("structures/nac.cif")
        let both = try Self.reflections([structure, other, "--fraction", "1", "--fraction", "3"])
        let alone = try [structure, other].map { try Self.reflections([$0]) }
        #expect(both.reflections.count == alone[0].reflections.count + alone[1].reflections.count)
        // Intensity goes with m LP ⟨|F|²⟩ · volume fraction/V².
        let shares = try alone.indices.map { k in
            let mine = both.reflections.filter { $0.phase == k }
            let ratios = zip(mine, alone[k].reflections).map { $0.intensity / $1.intensity }
            let first = try #require(ratios.first)
            #expect(ratios.allSatisfy { abs($0 / first - 1) < 1e-9 })
            return first * alone[k].phases[0].volume * alone[k].phases[0].volume
                * alone[k].phases[0].density
        }
        #expect(abs(shares[1] / shares[0] - 3) < 1e-9)
    }

    @Test("-o writes columns whose highest point is --highest, and pictures")
    func outputs() throws {
        try CommandRun.inFolder { folder in
            for name in ["a.xye", "a.svg", "a.png"] {
                let run = try CommandRun(
                    ["pattern", structure, "--fwhm", "0.2", "--highest", "500", "-o", name], in: folder)
                #expect(run.status == 0, "\(run.errors)")
                let size =
                    try FileManager.default.attributesOfItem(
                        atPath: folder.appendingPathComponent(name).path)[.size] as? Int
                #expect((size ?? 0) > 10_000)
            }
            let rows = try String(contentsOf: folder.appendingPathComponent("a.xye"), encoding: .utf8)
                .split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { $0.split(separator: " ").compactMap { Double($0) } }
            #expect(rows.count == 4251 && rows.allSatisfy { $0.count == 3 })
            #expect(abs((rows.map { $0[1] }.max() ?? 0) - 500) < 1e-6)
        }
    }

    @Test(
        "bad input: a clear line on standard error, status 2, nothing on standard output",
        arguments: [
            (["--wavelength", "0"], "not positive"), (["--wavelength", "-1.54"], "not positive"),
            (["--wavelength", "Foo"], "unknown wavelength"),
            (["--wavelength", "1.5:0"], "list of wavelengths"),
            (["--range", "5:190"], "limiting sphere"), (["--range", "5:180"], "limiting sphere"),
            (["--range", "90:5"], "from:to:step"), (["--wavelength", "40"], "no reflection"),
            (["--wavelength", "0.0001"], "between 0.01 and 100"), (["--form-factors", "wk96"], "wk95, it92"),
            (["--radiation", "electron"], "xray or neutron"), (["--fwhm", "-1"], "--fwhm"),
            (["--fraction", "1", "--fraction", "2"], "--fraction"), (["--fraction", "0"], "fractions"),
            (["--caglioti", "1,2"], "--caglioti"), (["-o", "x.pdf"], ".svg"),
        ])
    func badInput(_ options: [String], _ words: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["pattern", structure] + options, in: folder)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains(words), "\(run.errors)")
        }
    }

    private static func cif(_ atoms: String) -> String {
        CrystalText.cif(
            cell: "4", items: "_symmetry_space_group_name_H-M 'P m -3 m'",
            columns: CrystalText.occupiedPlaces,
            sites: atoms)
    }

    @Test(
        "zero occupancy everywhere, an element without a table entry: status 2 and the reason",
        arguments: [
            ("Na1 Na 0 0 0 0\nCl1 Cl 0.5 0.5 0.5 0", ["--wavelength", "CuKa"], "occupancy"),
            ("Og1 Og 0 0 0 1", ["--wavelength", "CuKa"], "no entry"),
            ("Bk1 Bk 0 0 0 1", ["--radiation", "neutron", "--wavelength", "1.5"], "no entry"),
        ])
    func impossibleStructures(_ atoms: String, _ options: [String], _ words: String) throws {
        try CommandRun.inFolder { folder in
            try Self.cif(atoms).write(
                to: folder.appendingPathComponent("a.cif"), atomically: true, encoding: .utf8)
            let run = try CommandRun(["pattern", "a.cif"] + options, in: folder)
            #expect(run.status == 2, "\(run.output)")
            #expect(run.output.isEmpty)
            #expect(run.errors.contains(words) && run.errors.contains("a.cif"), "\(run.errors)")
        }
    }
}
