/// How a shell of equally distant neighbours is treated that the limit of 12 neighbours cuts.
public enum TieMode: String, Sendable, Hashable, CaseIterable {
    /// As CGCNN's own code: whole neighbours up to the limit. Which of the tied ones enter is an accident of order
    /// there; here the order is distance, atom, image.
    case reference
    /// The shell enters whole, each neighbour with the weight places left ÷ size of the shell, so that the
    /// prediction has the symmetry of the crystal.
    case symmetric
}
