using Amazon.Runtime;

namespace Deployer.Rehearsal.Tests.SecondServer;

/// <summary>Typed calls against one server: what each of them answered, or the error that it ended with.</summary>
internal sealed class ServerSteps(Uri address, string secret = "not checked")
{
    /// <summary>The account that moto simulates when nothing says another one.</summary>
    public const string Account = "123456789012";

    private readonly List<string> _seen = [];

    public IReadOnlyList<string> Seen => _seen;

    public AWSCredentials Credentials { get; } = new BasicAWSCredentials(Account, secret);

    public T Configure<T>(T config)
        where T : ClientConfig
    {
        config.ServiceURL = address.ToString();
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        return config;
    }

    /// <summary>Makes a call and notes what of its answer is compared; of an error its code and type.</summary>
    public async Task<T?> Note<T>(string name, Func<Task<T>> call, Func<T, object?> compared)
        where T : class
    {
        try
        {
            var answer = await call();
            _seen.Add($"{name}: {compared(answer)}");
            return answer;
        }
        catch (AmazonServiceException exception)
        {
            _seen.Add($"{name}: {exception.GetType().Name} {exception.ErrorCode} {(int)exception.StatusCode}");
            return null;
        }
    }

    /// <summary>Asks again until the answer is as expected: what takes time in one server is done at once in the other.</summary>
    public static async Task Until<T>(Func<Task<T>> call, Func<T, bool> expected)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!expected(await call()))
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
