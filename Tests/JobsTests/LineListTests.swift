import CrystalFiles
import Foundation
import Jobs
import Testing

@Suite("LineList") struct LineListTests {
    private static func written(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(text.utf8).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        try body(path.path)
    }

    @Test("lines given as d and as 2θ are the same lines")
    func bothScales() throws {
        let spacings = [4.2411, 3.2217, 2.6211]
        let wavelength = 1.5406
        let angles = spacings.map { 2 * asin(wavelength / (2 * $0)) * 180 / .pi }
        try Self.written(angles.map { "\($0) 100 0.02" }.joined(separator: "\n")) { asAngles in
            try Self.written(spacings.map { "\($0), 100, 0.02" }.joined(separator: "\n")) { asSpacings in
                let first = try LineList().read(asAngles, asSpacings: false, wavelength: wavelength)
                let second = try LineList().read(asSpacings, asSpacings: true, wavelength: wavelength)
                for (a, b) in zip(first, second) {
                    #expect(abs((a.twoTheta ?? 0) - (b.twoTheta ?? 1)) < 1e-9 && a.sigma == b.sigma)
                    #expect(abs(a.q - b.q) < 1e-12)
                }
                #expect(first.count == 3 && first[0].intensity == 100 && first[0].sigma == 0.02)
            }
        }
    }

    @Test("angles without a wavelength, and a word among the numbers, are refused with the line")
    func refusals() throws {
        try Self.written("20.1\n30.2\n") { path in
            #expect(throws: CrystalFileError.self) {
                _ = try LineList().read(path, asSpacings: false, wavelength: nil)
            }
        }
        try Self.written("20.1\nabout 30\n") { path in
            let error = #expect(throws: CrystalFileError.self) {
                _ = try LineList().read(path, asSpacings: false, wavelength: 1.5406)
            }
            #expect(error?.line == 2)
        }
    }

    @Test("where a list says no uncertainty it is the usual one")
    func usual() throws {
        try Self.written("20.1\n") { path in
            let list = LineList()
            let lines = try list.read(path, asSpacings: false, wavelength: 1.5406)
            #expect(lines.map(\.sigma) == [list.usualUncertainty])
        }
    }
}
