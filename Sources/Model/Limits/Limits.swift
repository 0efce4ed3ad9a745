/// Every limit of the product, its unit last in the name. `Protocol/limits.md` mirrors this table
/// and gives the reasons; a test compares the two.
package enum Limits {
    // Wire
    package static let messageBytesMax = 65_536
    package static let socketMessageBytesMax = 1_048_576
    package static let nestingDepthMax = 16
    package static let valuesPerMessageMax = 16_384
    package static let batchCallsMax = 50
    package static let messagesPerSecondMax = 500
    package static let messagesBurstMax = 2_000
    package static let roomsPerPeerMax = 32
    package static let pointerCharactersMax = 300
    package static let pageCursorBytesMax = 512
    package static let searchCharactersMax = 100
    package static let busyRetryMs = 1_000

    // Connections
    package static let connectionsMax = 20_000
    package static let descriptorsReserved = 128
    package static let connectionsPerNetworkMax = 1_000
    package static let connectsPerSecondMax = 50
    package static let connectsBurstSeconds = 10
    package static let networkRetrySeconds = 5
    package static let acceptsPerSecondMax = 2_000
    package static let acceptsBurstSeconds = 2
    package static let refusedWaitingMax = 64
    package static let refusedSeconds = 3
    package static let pauseLogSeconds = 10
    package static let requestHeadBytesMax = 16_384
    package static let requestHeadersMax = 100
    package static let requestSeconds = 10
    package static let keepAliveSeconds = 30
    package static let sessionOpenSeconds = 10
    package static let heartbeatSeconds = 25
    package static let pingIntervalSeconds = 20
    package static let pongTimeoutSeconds = 20
    package static let closeSeconds = 3
    package static let stopSeconds = 10
    package static let corsSeconds = 600
    package static let openRPCSeconds = 300
    package static let outboxSoftBytes = 65_536
    package static let outboxHardBytes = 1_048_576
    package static let outboxChunksMax = 8_192
    package static let pongBacklogBytesMax = 4_096
    package static let fragmentsPerMessageMax = 1_024
    package static let messageSeconds = 20
    package static let bytesPerCharge = 8_192

    // Calls
    package static let readsPerSecondMax = 50
    package static let readsBurstMax = 500
    package static let searchesPerSecondMax = 10
    package static let searchesBurstMax = 50
    package static let writesPerSecondMax = 20
    package static let writesBurstMax = 200
    package static let accountCallsPerSecondMax = 1
    package static let accountCallsBurstMax = 20

    // salsanor echo
    package static let echoMessageBytesMax = 16_842_752
    package static let echoOutboxSoftBytes = 262_144
    package static let echoOutboxHardBytes = 67_108_864
    package static let echoPingIntervalSeconds = 120

    // Rooms
    package static let membersPerRoomMax = 5_000
    package static let editsPerSecondMax = 120
    package static let editsBurstMax = 480
    package static let callsPerEditMax = 8
    package static let standingValueCharactersMax = 200
    package static let pathsPerEditMax = 64
    package static let gatheredEditsMax = 8_192
    package static let gatheredBytesMax = 4_194_304
    package static let editsPerCommitMax = 256
    package static let commitIntervalMs = 4
    package static let itemsPerCommitMax = 64
    package static let verdictsPerReplicaMax = 256
    package static let replicasPerRoomMax = 65_536
    package static let broadcastPaceMs = 16
    package static let broadcastPaceMembersPerMs = 16
    package static let presencePaceMs = 100
    package static let presenceMembersMax = 200
    package static let hashIntervalSeconds = 5
    package static let rowLagSeconds = 1
    package static let roomIdleSeconds = 30
    package static let snapshotNumbersMax = 4_096
    package static let readOnlyRetryMs = 500
    package static let restartSpreadMinMs = 50
    package static let restartSpreadMs = 2_000
    package static let resumesPerSecondMax = 2_000

    // Playing
    package static let playingLeadMs = 300
    package static let leadGraceSeconds = 20

    // Streams
    package static let streamsPerPeerMax = 34
    package static let streamNameCharactersMax = 44
    package static let streamPageBytesMax = 32_768
    package static let countersPaceMs = 250
    package static let activityDays = 90
    package static let activitiesPerCleaningMax = 500
    package static let keeperPauseMs = 50

    // History
    package static let gestureGapMs = 1_000
    package static let gestureSecondsMax = 10
    package static let openGesturesMax = 64
    package static let historyPathsMax = 64
    package static let historyDays = 90
    package static let historyBytesMax = 4_194_304
    package static let versionsPerPatternMax = 100
    package static let versionNameCharactersMax = 100

    // Document
    package static let titleCharactersMax = 200
    package static let descriptionCharactersMax = 5_000
    package static let fieldNameBytesMax = 64
    package static let unknownFieldBytesMax = 256
    package static let unknownFieldsMax = 64
    package static let tagsPerInstrumentMax = 32

    // People
    package static let displayNameCharactersMax = 100
    package static let emailCharactersMax = 255
    package static let passwordBytesMin = 8
    package static let passwordBytesMax = 1_024
    package static let passwordQueueMax = 64
    package static let signInRefusalMs = 500
    package static let tokenCharactersMax = 500
    package static let sessionDays = 30
    package static let sessionsPerUserMax = 64
    package static let userAgentCharactersMax = 256
    package static let deletedAccountDays = 30
    package static let avatarURLCharactersMax = 2_048
    package static let bioCharactersMax = 2_000
    package static let languageCharactersMax = 10
    package static let exportRowsMax = 64
    package static let commentCharactersMax = 5_000
    package static let commentDepthMax = 8
    package static let commentsPerDayMax = 2_000
    package static let followsPerUserMax = 10_000
    package static let blocksPerUserMax = 10_000
    package static let pageRowsMax = 100
    package static let reasonCharactersMax = 500
    package static let localConnectionsMax = 16

    // Patterns
    package static let patternsPerUserMax = 5_000
    package static let patternRestoreDays = 7
    package static let collaboratorsPerPatternMax = 100
    package static let shareLinksPerPatternMax = 20
    package static let shareLinkDays = 7
    package static let shareLinkDaysMax = 90
    package static let playWindowMinutes = 30
    package static let operationsPerRoomMax = 256
    package static let pictureCacheSeconds = 60

    // Inbox
    package static let inboxEventsMax = 4_096
    package static let inboxEventsSlack = 256
    package static let inboxDays = 90
    package static let noticeRestoresMax = 3
    package static let noticeTextCharactersMax = 200
    package static let noticeSweepUsersMax = 100
    package static let noticeSweepRowsMax = 1_000
    package static let noticesPerMarkMax = 200
    package static let mentionsMax = 10
    package static let mentionWordsMax = 4
    package static let mutedPatternsMax = 500
    package static let groupActorsMax = 3
    package static let digestDelayHours = 8
    package static let digestIntervalHours = 24
    package static let digestLinesMax = 20
    package static let digestLookSeconds = 300
    package static let unsubscribeSecretDays = 60

    // Mail
    package static let mailsQueuedMax = 10_000
    package static let mailHoursMax = 48
    package static let mailSendSeconds = 30
    package static let verifySecretHours = 48
    package static let resetSecretMinutes = 60

    // Providers
    package static let clientIDsMax = 20
    package static let nonceMinutes = 10
    package static let idTokenBytesMax = 4_096
    package static let idTokenLeewaySeconds = 60
    package static let providerCallsWaitingMax = 256
    package static let keySetBytesMax = 65_536
    package static let keySetKeysMax = 32
    package static let keySetSeconds = 5
    package static let keySetMinutesMin = 1
    package static let keySetHoursMax = 24
    package static let keySetRefetchSeconds = 30
}
