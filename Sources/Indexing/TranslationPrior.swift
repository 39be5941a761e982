import Foundation

extension IndexingSettings {
    /// What the shortest translation of a lattice (Å) costs: it repeats every atom, so that no two like ones may be nearer.
    ///
    /// - Parameter radius: covalent, Å, of the largest atom; nil where no composition is known.
    /// - Returns: `impossibleVolume` where no crystal has it, else 0 or less.
    package func translationPrior(_ shortest: Double, radius: Double?) -> Double {
        guard shortest >= leastTranslation else { return impossibleVolume }
        let absolute = translationCost * min(0, shortest - usualTranslation) / translationFall
        guard let radius, radius > 0 else { return absolute }
        let contact = shortest / (2 * radius)
        guard contact >= leastLikeContact else { return impossibleVolume }
        return translationCost * min(0, contact - usualLikeContact) / likeContactFall
    }
}
