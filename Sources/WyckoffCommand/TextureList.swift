import ArgumentParser
import Wyckoff

/// `4` or `C2.1=0.4,C4.1=-0.2` on the command line, once for each file.
enum TextureList {
    static func parse(_ texts: [String], files: Int) throws -> [TextureStart?] {
        guard texts.count <= files else { throw ValidationError("give at most one --texture for each file") }
        return try texts.map { text in
            if text == "none" { return nil }
            if let order = Int(text) {
                guard [2, 4, 6, 8].contains(order) else {
                    throw ValidationError("--texture takes an order of 2, 4, 6 or 8, not \(order)")
                }
                return .order(order)
            }
            var values: [String: Double] = [:]
            for part in text.split(separator: ",") {
                let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
                guard sides.count == 2, let value = Double(sides[1]), abs(value) <= 10 else {
                    throw ValidationError(
                        "--texture takes an order such as 4, or harmonics such as C2.1=0.4,C4.1=-0.2, not '\(text)'"
                    )
                }
                values[sides[0]] = value
            }
            return .named(values)
        }
    }
}
