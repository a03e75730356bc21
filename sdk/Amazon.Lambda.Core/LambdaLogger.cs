namespace Amazon.Lambda.Core;

/// <summary>Writes to the log stream where no <see cref="ILambdaContext"/> is at hand, through the console.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html</remarks>
public static class LambdaLogger
{
    /// <summary>Writes <paramref name="message"/> as one line.</summary>
    public static void Log(string message) => Console.WriteLine(message);
}
