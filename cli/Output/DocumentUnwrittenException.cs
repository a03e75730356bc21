namespace Deployer.Cli.Output;

/// <summary>The result was shown, and its document could not be written.</summary>
internal sealed class DocumentUnwrittenException(string message, Exception cause) : IOException(message, cause);
