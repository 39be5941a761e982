import ArgumentParser
import Wyckoff

/// `0,0,1:0.8` on the command line, once for each file.
enum PreferredOrientationList {
    static func parse(_ texts: [String], files: Int) throws -> [PowderModel.PreferredOrientation?] {
        guard texts.count <= files else {
            throw ValidationError("give at most one --preferred-orientation for each file")
        }
        return try texts.map { text in
            if text == "none" { return nil }
            let parts = text.split(separator: ":")
            let plane = parts.first?.split(separator: ",").compactMap { Int($0) } ?? []
            guard parts.count == 2, plane.count == 3, plane != [0, 0, 0], let ratio = Double(parts[1]),
                ratio > 0.01, ratio < 100
            else {
                throw ValidationError(
                    "--preferred-orientation takes a plane and a ratio such as 0,0,1:0.8, not '\(text)'")
            }
            return PowderModel.PreferredOrientation(
                plane: SIMD3(plane[0], plane[1], plane[2]), ratio: ratio)
        }
    }
}
