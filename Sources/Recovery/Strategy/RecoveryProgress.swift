/// What is being done, for a person who waits.
public typealias RecoveryProgress = @Sendable (String) -> Void
