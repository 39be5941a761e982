import Foundation
import Testing

/// Numbers without physics are answered in a second with a word, in every command that takes them.
@Suite("limits of input", .enabled(if: CommandRun.binary != nil, "build the product wyckoff first"))
struct LimitsCommandTests {
    private static let rocksalt = """
        data_NaCl
        _cell_length_a 5.64
        _cell_length_b 5.64
        _cell_length_c 5.64
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        _space_group_name_H-M_alt 'F m -3 m'
        loop_
        _atom_site_label
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_U_iso_or_equiv
        Na 0 0 0 0.03
        Cl .5 .5 .5 0.02
        """

    private func inFolder(_ body: (URL) throws -> Void) throws {
        try CommandRun.inFolder { folder in
            try Self.rocksalt.write(
                to: folder.appendingPathComponent("a.cif"), atomically: true, encoding: .utf8)
            let columns = (0..<3000).map { i in
                let x = 15 + 0.02 * Double(i)
                let lines = [27.4, 31.7, 45.5, 53.9, 56.5, 66.3, 73.1].reduce(0.0) {
                    $0 + exp(-pow((x - $1) / 0.1, 2))
                }
                return "\(x) \((1000 * lines + 20).rounded())"
            }
            try columns.joined(separator: "\n").write(
                to: folder.appendingPathComponent("a.xy"), atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    private static let commands: [[String]] = [
        ["recover", "--pattern", "a.xy", "--start", "a.cif", "--space-group", "225", "-o", "out"],
        ["refine", "a.xy", "a.cif"], ["pattern", "a.cif"], ["compare", "a.cif", "a.xy"],
        ["scan", "a.cif", "--along", "a"],
        ["map", "a.cif", "--along", "a,alpha", "--grid", "3x3", "-o", "map"],
    ]

    @Test("a wavelength without physics is refused by every command", arguments: commands)
    func wavelengths(command: [String]) throws {
        try inFolder { folder in
            for text in ["1.5406e-10", "0.001", "0.0015406", "1e-170", "1000", "nan", "-1", "0"] {
                let run = try CommandRun(command + ["--wavelength=\(text)"], in: folder)
                #expect(run.status != 0 && run.status < 128, "\(text): \(run.status)")
                #expect(run.errors.contains("wavelength"), "\(text): \(run.errors)")
                #expect(!run.errors.contains("CommandError"), "\(run.errors)")
                if text.hasSuffix("e-10") { #expect(run.errors.contains("give Å: 1.5406"), "\(run.errors)") }
            }
        }
    }

    @Test(
        "a wavelength that would list too many reflections is refused by every command", arguments: commands)
    func reflections(command: [String]) throws {
        try inFolder { folder in
            let run = try CommandRun(command + ["--wavelength=0.0125"], in: folder)
            #expect(run.status != 0 && run.status < 128, "\(run.status)")
            #expect(run.errors.contains("reflections"), "\(run.errors)")
        }
    }

    @Test("neutrons without a wavelength never take that of copper", arguments: commands.prefix(4))
    func neutrons(command: [String]) throws {
        try inFolder { folder in
            let option = command[0] == "recover" ? ["--radiation", "neutron"] : ["--radiation", "neutron"]
            let run = try CommandRun(command + option, in: folder)
            #expect(run.status != 0)
            #expect(run.errors.contains("give --wavelength in Å"), "\(run.errors)")
            let named = try CommandRun(command + option + ["--wavelength", "CuKa"], in: folder)
            #expect(named.status != 0)
            #expect(named.errors.contains("x-ray line"), "\(named.errors)")
        }
    }

    @Test(
        "a range without physics is refused",
        arguments: [
            ["scan", "a.cif", "--along", "a", "--range", "a=5:1e300"],
            ["scan", "a.cif", "--along", "a", "--range", "a=5:1e6"],
            ["scan", "a.cif", "--along", "a", "--range", "a=-5:6"],
            ["scan", "a.cif", "--along", "alpha", "--range", "alpha=0:200"],
            ["scan", "a.cif", "--along", "a", "--step", "1e-12"],
            ["map", "a.cif", "--along", "a,alpha", "--range", "a=5:1e18", "-o", "m"],
            ["pattern", "a.cif", "--range", "5:90:1e-12"], ["pattern", "a.cif", "--range", "5:1e300"],
            [
                "design", "--template", "perovskite", "--supercell", "4294967296x4294967296x1", "--gap", "2",
                "-o", "d",
            ],
            [
                "design", "--template", "perovskite", "--supercell", "9223372036854775807x2x1", "--gap", "2",
                "-o", "d",
            ],
        ])
    func ranges(command: [String]) throws {
        try inFolder { folder in
            let run = try CommandRun(command, in: folder)
            #expect(run.status != 0 && run.status < 128, "\(run.status): \(run.errors)")
            #expect(!run.errors.isEmpty)
        }
    }

    @Test(
        "a scan leaves the file's displacements out, as the paper's simulator does, unless they are asked for"
    )
    func displacements() throws {
        try inFolder { folder in
            let atRest = Self.rocksalt.replacing(" 0.03", with: " 0").replacing(" 0.02", with: " 0")
            try atRest.write(to: folder.appendingPathComponent("rest.cif"), atomically: true, encoding: .utf8)
            func scan(_ file: String, _ more: String...) throws -> String {
                let run = try CommandRun(
                    ["scan", file, "--along", "a", "--two-theta", "10:60:0.05", "--quiet"] + more, in: folder)
                #expect(run.status == 0, "\(run.errors)")
                return run.output.replacing(file, with: "")
                    .split(separator: "\n").filter { !$0.contains(" s") }.joined(separator: "\n")
            }
            let plain = try scan("a.cif")
            #expect(try scan("rest.cif") == plain)
            #expect(try scan("a.cif", "--displacements") != plain)
        }
    }
}
