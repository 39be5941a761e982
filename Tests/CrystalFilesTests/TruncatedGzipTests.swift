import CrystalFiles
import Foundation
import Testing

/// A compressed file that was cut loses atoms or points without looking so.
@Suite struct TruncatedGzipTests {
    /// A CIF of 60 atoms and a pattern of 300 points, compressed by gzip.
    private static let files: [(name: String, text: String)] = [
        (
            "a.cif",
            "data_x\n_cell_length_a 20\n_cell_length_b 21\n_cell_length_c 22\n_cell_angle_alpha 90\n"
                + "_cell_angle_beta 90\n_cell_angle_gamma 90\n_space_group_name_H-M_alt 'P 1'\nloop_\n_atom_site_label\n"
                + "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
                + (1...60).map {
                    "C\($0) \(Double($0) / 61) \(Double($0 * $0 % 61) / 61) \(Double($0 * 7 % 61) / 61)\n"
                }
                .joined()
        ),
        ("a.xy", (0..<300).map { "\(10 + 0.02 * Double($0)) \(100 + $0 * $0 % 37)\n" }.joined()),
    ]

    private func reads(_ path: String) -> Bool {
        do {
            if path.contains(".cif") {
                _ = try CrystalFile.readFirst(path)
            } else {
                _ = try PowderPatternFile.read(path)
            }
            return true
        } catch {
            return false
        }
    }

    @Test(arguments: [0, 1]) func everyCutIsRefused(index: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (name, text) = Self.files[index]
        let plain = folder.appendingPathComponent(name)
        try text.write(to: plain, atomically: true, encoding: .utf8)
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-k", plain.path]
        try gzip.run()
        gzip.waitUntilExit()
        let whole = try Data(contentsOf: URL(fileURLWithPath: plain.path + ".gz"))
        let cut = folder.appendingPathComponent("cut-\(name).gz")
        try whole.write(to: cut)
        #expect(reads(cut.path))
        var read: [Int] = []
        for count in Array(stride(from: 20, to: whole.count - 12, by: 37))
            + Array((whole.count - 12)..<whole.count)
        {
            try whole.prefix(count).write(to: cut)
            if reads(cut.path) { read.append(count) }
        }
        #expect(read.isEmpty, "read though cut to \(read) of \(whole.count) bytes")
    }
}
