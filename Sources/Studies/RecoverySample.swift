import Crystallography

/// What is distorted, and how strongly: lattice noise, coordinate noise, or both with one σ.
package struct NoiseLevel: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case lattice, coordinates, both
    }

    package var kind: Kind
    package var sigma: Double

    package init(_ kind: Kind, _ sigma: Double) {
        self.kind = kind
        self.sigma = sigma
    }

    /// `lattice=0.01,0.02`.
    package static func parse(_ text: String) throws -> [NoiseLevel] {
        let parts = text.split(separator: "=", maxSplits: 1)
        let levels = parts.count == 2 ? parts[1].split(separator: ",").map { Double($0) } : []
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), !levels.isEmpty else {
            throw StudyError.usage(
                "--noise takes lattice=, coordinates= or both= with numbers, not '\(text)'")
        }
        return try levels.map { level in
            guard let level, level > 0, level <= 0.5 else {
                throw StudyError.usage("--noise '\(text)': every level is a number above 0 and up to 0.5")
            }
            return NoiseLevel(kind, level)
        }
    }

    var distortion: Distortion {
        Distortion(lattice: kind == .coordinates ? 0 : sigma, coordinates: kind == .lattice ? 0 : sigma)
    }
}

/// One distorted start of one structure.
package struct RecoverySample: Sendable, Hashable {
    package var structure: String
    package var noise: NoiseLevel
    /// From 0.
    package var index: Int
    /// Of the whole study.
    package var seed: UInt64

    package init(structure: String, noise: NoiseLevel, index: Int, seed: UInt64) {
        (self.structure, self.noise, self.index, self.seed) = (structure, noise, index, seed)
    }

    /// Depends on the study's seed, the structure's name and the sample's number alone: every arm gets the same
    /// starts, and one more sample or structure leaves the others as they are.
    package var streamSeed: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in structure.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash &+ seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03
    }

    /// The distorted copy of the reference, in the reference's conventional cell.
    package func start(of reference: RecoveryReference) -> CrystalStructure {
        noise.distortion.applied(to: reference.structure, seed: streamSeed)
    }
}
