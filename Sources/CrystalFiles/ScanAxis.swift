/// The axis that a scan moves, as instruments name it.
package enum ScanAxis {
    /// - Throws: where the scan does not move 2θ: a rocking curve and its like are no powder patterns.
    package static func check(_ name: String, file: String) throws(CrystalFileError) {
        guard isTwoTheta(name) else {
            throw CrystalFileError(
                file: file, problem: "the scan \"\(name)\" does not move 2θ",
                remedy: "give a 2θ or coupled θ–2θ scan")
        }
    }

    /// `2-Theta/Theta`, `TwoTheta`, `Gonio`, `Locked Coupled`, `2θ`; an empty name says nothing.
    package static func isTwoTheta(_ name: String) -> Bool {
        let letters = letters(name)
        guard !letters.isEmpty else { return true }
        if ["rocking", "fixed"].contains(where: { letters.contains($0) }) { return false }
        let moving = ["2theta", "twotheta", "gonio", "coupled", "detector", "powder", "2th", "tth"]
        return moving.contains { letters.contains($0) }
    }

    /// For formats whose names of scans are not all known: only those that move another axis.
    package static func isOtherAxis(_ name: String) -> Bool {
        let letters = letters(name)
        guard !letters.isEmpty, !isTwoTheta(name) else { return false }
        return [
            "rocking", "theta", "omega", "phi", "chi", "psi", "xdrive", "ydrive", "zdrive", "zscan", "time",
        ]
        .contains { letters.contains($0) }
    }

    private static func letters(_ name: String) -> String {
        name.lowercased().replacing("θ", with: "theta").replacing("ω", with: "omega")
            .filter { $0.isLetter || $0.isNumber }
    }
}
