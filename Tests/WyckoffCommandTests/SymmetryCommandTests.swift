import Foundation
import Testing

@Suite("wyckoff symmetry and parameters")
struct SymmetryCommandTests {
    static func objects(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test("symmetry --json: one object a line, a letter and a site symmetry for each atom")
    func symmetry() throws {
        try CommandRun.inFolder { folder in
            let files = ["pbso4", "fluorapatite", "nac"].map { CommandRun.data("structures/\($0).cif") }
            let run = try CommandRun(["symmetry", "--json"] + files, in: folder)
            #expect(run.status == 0)
            let objects = try Self.objects(run.output)
            #expect(objects.compactMap { $0["number"] as? Int } == [62, 176, 199])
            for (object, count) in zip(objects, [24, 42, 84]) {
                for key in ["letters", "siteSymmetry", "orbits"] {
                    #expect((object[key] as? [Any])?.count == count, "\(key)")
                }
                for key in [
                    "file", "hallNumber", "international", "choice", "pointGroup", "crystalFamily",
                    "tolerance",
                    "maxDisplacement", "rms",
                ] { #expect(object[key] != nil, "\(key)") }
            }
        }
    }

    @Test("symmetry --ladder shows the group that a distorted start hides")
    func ladder() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["symmetry", "--ladder", "--json", CommandRun.data("starts/pbso4-1.cif")], in: folder)
            #expect(run.status == 0)
            let object = try #require(try Self.objects(run.output).first)
            #expect(object["number"] as? Int == 1)
            let numbers = (object["ladder"] as? [[String: Any]])?.compactMap { $0["number"] as? Int }
            #expect(numbers?.contains(62) == true)
        }
    }

    @Test("parameters --json: names, bounds and formulas; as many as degrees of freedom")
    func parameters() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["parameters", "--json", CommandRun.data("structures/fluorapatite.cif")], in: folder)
            #expect(run.status == 0)
            let object = try #require(try Self.objects(run.output).first)
            let rows = try #require(object["parameters"] as? [[String: Any]])
            #expect(object["degreesOfFreedom"] as? Int == 14)
            #expect(rows.count == 14)
            #expect(rows.compactMap { $0["name"] as? String }.prefix(3) == ["a", "c", "Ca1.z"])
            #expect(rows.compactMap { $0["formula"] as? String }.contains("1/3,2/3,z"))
            for key in ["value", "unit", "lower", "upper"] { #expect(rows[0][key] != nil) }
        }
    }

    @Test("a missing file, a tolerance of zero: exit 2")
    func badInput() throws {
        try CommandRun.inFolder { folder in
            let missing = try CommandRun(["symmetry", "nothing.cif"], in: folder)
            #expect(missing.status == 2)
            let structure = CommandRun.data("structures/nac.cif")
            let zero = try CommandRun(["parameters", structure, "--tolerance", "0"], in: folder)
            #expect(zero.status == 2)
        }
    }
}

extension SymmetryCommandTests {
    private static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
        "parameters say group, setting, positions, whose cell the lengths are of, and what holds a polar origin"
    )
    func parameterContext() throws {
        try CommandRun.inFolder { folder in
            func write(_ name: String, _ text: String) throws {
                try text.write(
                    to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
            // Zincblende in its primitive cell: a is the conventional one's.
            try write(
                "zns.vasp",
                "zns\n5.41\n0 .5 .5\n.5 0 .5\n.5 .5 0\nZn S\n1 1\nDirect\n0 0 0\n.25 .25 .25\n")
            let cubic = try Self.object(
                CommandRun(["parameters", "zns.vasp", "--json"], in: folder).output)
            #expect(cubic["number"] as? Int == 216 && cubic["international"] as? String == "F -4 3 m")
            #expect(cubic["hallNumber"] as? Int == 512 && cubic["cell"] as? String == "conventional")
            let a = (cubic["parameters"] as? [[String: Any]])?.first?["value"] as? Double
            #expect(abs((a ?? 0) - 5.41) < 1e-6)
            // Zinc and sulphur a quarter of the diagonal apart: 4a with 4c or, the axes inverted, with 4d.
            let positions = (cubic["positions"] as? [[String: Any]])?.compactMap { $0["position"] as? String }
            #expect(positions == ["4a", "4c"] || positions == ["4a", "4d"])
            #expect((cubic["originCoordinates"] as? [String])?.isEmpty == true)
            try write(
                "pol.vasp",
                "pol\n1\n4 0 0\n0 4 0\n0 0 6\nFe Ti O\n1 1 1\nDirect\n0 0 0\n.5 .5 0\n.5 .5 .53\n")
            let polar = try Self.object(
                CommandRun(["parameters", "pol.vasp", "--json"], in: folder).output)
            #expect(polar["number"] as? Int == 99 && polar["cell"] as? String == "file")
            #expect(polar["originCoordinates"] as? [String] == ["Fe1.z"])
            let text = try CommandRun(["parameters", "pol.vasp"], in: folder).output
            #expect(text.contains("Fe1.z held: it chooses the origin along the group's polar directions"))
        }
    }
}
