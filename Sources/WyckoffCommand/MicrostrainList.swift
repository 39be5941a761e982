import ArgumentParser
import Wyckoff

/// `0.001` or `S400=1.2,S004=0.4,zeta=0.5` on the command line, once for each file.
enum MicrostrainList {
    static func parse(_ texts: [String], files: Int) throws -> [MicrostrainStart?] {
        guard texts.count <= files else {
            throw ValidationError("give at most one --microstrain for each file")
        }
        return try texts.map { text in
            if text == "none" { return nil }
            if let strain = Double(text) {
                guard strain >= 0, strain < 0.1 else {
                    throw ValidationError(
                        "--microstrain takes a strain from 0 to 0.1 such as 0.001, not '\(text)'")
                }
                return .isotropic(strain)
            }
            return .named(try named(text))
        }
    }

    private static func named(_ text: String) throws -> [String: Double] {
        var values: [String: Double] = [:]
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2, let value = Double(sides[1]), value.isFinite, abs(value) < 1e9,
                sides[0] != "zeta" || (0...1).contains(value)
            else {
                throw ValidationError(
                    "--microstrain takes a strain such as 0.001, or invariants such as S400=1.2,S004=0.4,zeta=0.5 "
                        + "(zeta from 0 to 1), not '\(text)'")
            }
            values[sides[0]] = value
        }
        return values
    }
}
