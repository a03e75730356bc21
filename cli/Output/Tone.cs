namespace Deployer.Cli.Output;

/// <summary>How a piece of text stands out; without colours it does not.</summary>
internal enum Tone
{
    /// <summary>As the terminal shows text.</summary>
    Plain,

    /// <summary>A heading, a name.</summary>
    Strong,

    /// <summary>A success.</summary>
    Good,

    /// <summary>A failure.</summary>
    Bad,

    /// <summary>What deserves a second look.</summary>
    Warning,

    /// <summary>What may be skipped.</summary>
    Faint,
}
