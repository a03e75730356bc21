namespace Deployer.Cli.Serving;

/// <summary>The arguments and options of <c>serve</c>.</summary>
/// <param name="Service">Folder of the service whose accounts are prepared; <see langword="null"/> for empty accounts.</param>
/// <param name="Target">The only target that is prepared; <see langword="null"/> for all.</param>
/// <param name="StateDirectory">Where the simulated accounts are kept; <see langword="null"/> for nowhere.</param>
/// <param name="Port">The port of 127.0.0.1; 0 for a free one.</param>
/// <param name="Limit">After how long it stops by itself; <see langword="null"/> for never.</param>
/// <param name="ClientPatience">How long a client that holds a task is waited for without a word from it.</param>
internal sealed record ServeSettings(
    string? Service,
    string? Target,
    string? StateDirectory,
    int Port,
    TimeSpan? Limit,
    TimeSpan ClientPatience
);
