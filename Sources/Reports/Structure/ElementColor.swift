import Crystallography

/// Colours of atoms in drawings: the non-metals as chemists' models have them, metals by their place in the periodic
/// table, neighbours apart.
enum ElementColor {
    private static let known: [Int: String] = [
        1: "#e6e6e6", 5: "#e0a080", 6: "#5a5a5a", 7: "#3f5fd0", 8: "#d43a2f", 9: "#57b84a", 14: "#c9a05a",
        15: "#e8862e", 16: "#e0c02f", 17: "#3aa655", 33: "#a86fd0", 34: "#d88a20", 35: "#9a4a2e",
        52: "#b8752a",
        53: "#7a3aa8", 3: "#a77be0", 11: "#8a6ad8", 12: "#7fb52b", 13: "#9aa5b1", 19: "#7a52c7",
        20: "#4f9f8f",
        22: "#8d99a6", 24: "#6f86c9", 25: "#8f6bb8", 26: "#c96a35", 27: "#d07a9a", 28: "#4fae6f",
        29: "#c47a45", 30: "#7482b0", 38: "#3f9f6f", 47: "#a8b0b8", 50: "#5f8a94", 55: "#5a3f94",
        56: "#2f8f5a",
        57: "#5fb6d8", 79: "#d8b02a", 80: "#9aa0b8", 82: "#626a78", 83: "#8a5fae", 92: "#3f8fd0",
    ]

    static func hex(_ element: Element?) -> String {
        guard let number = element?.atomicNumber else { return "#999999" }
        if let known = known[number] { return known }
        // Hues a golden angle apart, so that neighbours differ.
        let hue = Double(number) * 137.508
        let sector = (hue / 60).truncatingRemainder(dividingBy: 6)
        let (chroma, low) = (0.42, 0.36)
        let middle = chroma * (1 - abs(sector.truncatingRemainder(dividingBy: 2) - 1))
        let order: [(Double, Double, Double)] = [
            (chroma, middle, 0), (middle, chroma, 0), (0, chroma, middle), (0, middle, chroma),
            (middle, 0, chroma), (chroma, 0, middle),
        ]
        let (r, g, b) = order[min(5, Int(sector))]
        let digits = [r, g, b].map { part in
            let text = String(Int(((part + low) * 255).rounded()), radix: 16)
            return text.count < 2 ? "0" + text : text
        }
        return "#" + digits.joined()
    }
}
